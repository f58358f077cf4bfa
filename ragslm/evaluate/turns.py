"""Words that may not stand for each other in a dose, a period, a comparison or a role: old>new."""

COMPARISONS = """at least>at most|at most>at least|more than>less than|less than>more than|up to>at least
no more than>no less than|not more than>at least|not less than>at most|no later than>no earlier than
within>after|under>over|over>under|above>below|below>above|exceeds>is below|exceed>fall below
fewer than>more than|greater than>less than|minimum>maximum|maximum>minimum|or more>or less
or less>or more|or older>or younger|up to>more than|at least>exactly|until>after"""
FREQUENCIES = """once daily>twice daily|twice daily>once daily|once a day>twice a day|twice a day>once a day
three times>twice|daily>weekly|every day>every week|per day>per week|a day>a week|weekly>daily
monthly>weekly|each month>each year|per month>per year|annually>monthly|per year>per month|yearly>monthly
every year>every month|each year>each month|once a year>twice a year|a year>a month|twice>once|once>twice"""
DOSES = """mg/kg>mg|mg>mcg|mcg>mg|mg>g|ml>l|milligrams>micrograms|micrograms>milligrams|grams>milligrams
mg/dL>mmol/L|mmol/L>mg/dL|mm>cm|cm>mm|inches>feet|pounds>kilograms|units>milligrams
percent>percentage points"""
SIDES = """left>right|right>left|upper>lower|lower>upper|hyper>hypo|hypo>hyper|oral>intravenous|acute>chronic
chronic>acute|benign>malignant|malignant>benign|morning>evening|evening>morning|before>after|after>before
increases>decreases|increased>decreased|decreases>increases|increase>decrease|higher>lower|lower>higher
positive>negative|negative>positive|dominant>recessive|recessive>dominant|systolic>diastolic|male>female
mother>father|father>mother|inside>outside|early>late|first>last|rises>falls|gains>loses|opening>closing"""
PARTIES = """creditor>applicant|applicant>creditor|consumer>institution|institution>consumer|sender>recipient
recipient>sender|borrower>lender|lender>borrower|payee>payor|payor>payee|buyer>seller|seller>buyer
provider>agent|agent>provider|patient>doctor|doctor>patient|child>parent|merchant>consumer|bank>consumer
debtor>creditor|employer>employee|employee>employer|depositor>institution|parents>children|women>men|men>women"""
PERIODS = """January>February|February>March|March>April|April>June|May>July|June>July|July>August
August>September|September>October|October>November|November>December|December>January
first quarter>second quarter|second quarter>third quarter|third quarter>fourth quarter|Q1>Q2|Q2>Q3|Q3>Q4|Q4>Q1
three months>six months|six months>nine months|nine months>three months|fiscal year>quarter"""


def pairs(table: str) -> list[tuple[str, str]]:
    """The pairs of one of the tables above."""
    found = [pair.split(">") for line in table.splitlines() for pair in line.split("|")]
    return [(old, new) for old, new in found]
