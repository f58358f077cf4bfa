"""A laboratory's table for the SQL connector. People are made up."""

SCHEMA = """CREATE TABLE results(
    id INTEGER PRIMARY KEY, changed INTEGER, gone INTEGER, patient TEXT, mrn TEXT, taken TEXT, analyte TEXT,
    value NUMERIC(8, 2), unit TEXT, remark TEXT, team TEXT)"""
QUERY = """SELECT id AS "Result", changed, gone, patient AS "Patient", mrn AS "MRN", taken AS "Date",
    analyte AS "Analyte", value AS "Value", unit AS "Unit", remark AS "Remark", team AS ward
    FROM results -- the whole table"""
FIELDS = {
    "Result": "KEEP",
    "changed": "OMIT",
    "gone": "OMIT",
    "Patient": "PERSON",
    "MRN": "MRN",
    "Date": "KEEP",
    "Analyte": "KEEP",
    "Value": "KEEP",
    "Unit": "KEEP",
    "Remark": "TEXT",
    "ward": "OMIT",
}
SETTINGS = {
    "query": QUERY,
    "fields": FIELDS,
    "key_column": "Result",
    "date_column": "Date",
    "scope_column": "MRN",
    "readers_column": "ward",
    "title_column": "Analyte",
}
ROWS = [
    (
        1,
        10,
        0,
        "Ann Weaver",
        "M-1",
        "2024-03-01",
        "Hemoglobin",
        9.1,
        "g/dL",
        "Drawn at 12:30; fasting.",
        "w3",
    ),
    (
        2,
        11,
        0,
        "Bob Porter",
        "M-2",
        "2024-03-02",
        "Creatinine",
        1.4,
        "mg/dL",
        "100 % of the sample.",
        "w3,w4",
    ),
    (3, 11, 0, "Cy Turner", "M-3", "2024-03-03", "Sodium", 139, "mmol/L", None, None),
]
NEW = (
    "INSERT INTO results VALUES "
    "(9, 20, 0, 'Di Mason', 'M-4', '2024-04-01', 'Sodium', 131, 'mmol/L', NULL, 'w3')"
)
CHANGED = "UPDATE results SET value = 1.6, changed = 21 WHERE id = 2"
GONE = "UPDATE results SET gone = 1, changed = 22 WHERE id = 3"
URIS = {"added": "sql://lab/9", "changed": "sql://lab/2", "removed": "sql://lab/3"}
