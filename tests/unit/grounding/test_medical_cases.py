"""Hand-made claims against one sentence or row of medical text. The last column says why."""

import pytest

from ragslm.grounding.literal.compare import compare
from ragslm.grounding.reading.text import read

DOSE = "Adults take 500 mg of metformin twice daily with food."
WEIGHT = "Give 15 mg/kg of amoxicillin every 8 hours for 10 days."
RANGE = "The starting dose of warfarin is 2.5 to 5 mg once daily."
LIMIT = "Do not take more than 4 g of paracetamol in 24 hours."
LEAST = "Patients must be at least 18 years old and weigh less than 90 kg."
LAB = "Potassium was 3.1 mmol/L on March 4, 2020 and 4.2 mmol/L on March 9, 2020."
TRIAL = "Nausea occurred in 12% of patients on semaglutide and 4% of patients on placebo."
DENIES = "The patient denies chest pain but reports cough."
RULED = "Pulmonary embolism was ruled out by CT and the troponin test was negative."
NEITHER = "Neither aspirin nor clopidogrel reduced the risk of stroke."
UNLESS = "Stop the infusion unless the blood pressure is stable."
MAY = "Prednisone may cause insomnia in some patients."
MUST = "Women should avoid isotretinoin during pregnancy."
CAUSE = "Hypertension increases the risk of kidney failure."
LUNG = "A nodule was found in the left upper lobe of the lung."
DRUG = "Hydroxyzine 25 mg is given orally for anxiety."
ONLY = "The vaccine protects not only children but also adults."
LONGER = "The patient no longer takes lisinopril."
ROW = "Sodium | 2020-03-04: 139 mmol/L | 2020-03-09: 128 mmol/L"
CARD = "Medication: Lisinopril | Dose: 10 mg | Frequency: once daily | Route: oral"
MICRO = "Levothyroxine 50 mcg is taken before breakfast."
FEVER = "Fever above 38.5 °C for more than 3 days needs a doctor."
SHARE = "The probability of relapse was 0.12 within five years."
ORDER = "Blood is drawn before the first infusion and after the second infusion."
RARE = "Most patients recover; rarely, the liver is damaged."
FREE = "The patient remained free of seizures without levetiracetam."

CLOCK = "The second dose of insulin is given at 9 p.m. by a nurse."

SAME = [
    (CLOCK, "The second dose of insulin is given at 9 PM.", "without full stops"),
    (DOSE, "Adults take 0.5 g of metformin twice daily with food.", "grams for milligrams"),
    (DOSE, "Adults take 500 milligrams of metformin twice a day with food.", "unit and frequency in words"),
    (DOSE, "Adults take 500 mg of metformin two times daily with food.", "two times is twice"),
    (DOSE, "Adults take 500mg of metformin twice daily.", "no blank before the unit"),
    (DOSE, "Adults take 500 mg metformin b.i.d. with food.", "prescription Latin"),
    (WEIGHT, "Give 15 mg per kg of amoxicillin every 8 hours for 10 days.", "per for a slash"),
    (WEIGHT, "Give 15 mg/kg of amoxicillin every eight hours.", "number word; the rest left out"),
    (WEIGHT, "Give 15 mg/kg of amoxicillin q8h for ten days.", "prescription Latin for every 8 hours"),
    (RANGE, "The starting dose of warfarin is 2.5-5 mg once daily.", "dash for to"),
    (RANGE, "The starting dose of warfarin is 2.5 mg to 5 mg once a day.", "unit said twice"),
    (RANGE, "The starting dose of warfarin is between 2.5 and 5 mg once daily.", "between"),
    (RANGE, "The starting dose of warfarin is 2.5 to 5 mg daily.", "once daily is daily"),
    (LIMIT, "Do not take more than 4,000 mg of paracetamol in 24 hours.", "grams in milligrams"),
    (LIMIT, "Take at most 4 g of paracetamol in 24 hours.", "not more than is at most"),
    (LIMIT, "Take no more than 4 g of paracetamol in 24 hours.", "not more is no more"),
    (LEAST, "Patients must be 18 years old or older.", "or older is at least"),
    (LEAST, "Patients must be at least eighteen years old.", "number word"),
    (LEAST, "Patients must weigh below 90 kg.", "below is less than"),
    (LAB, "Potassium was 3.1 mmol/L on 4 March 2020.", "day before month"),
    (LAB, "Potassium was 3.1 mmol/L in March 2020.", "less precise date"),
    (LAB, "On March 9, 2020 potassium was 4.2 mmol/L.", "date moved to the front"),
    (TRIAL, "Nausea occurred in 12 percent of patients on semaglutide.", "percent in letters"),
    (TRIAL, "Nausea occurred in 4% of patients on placebo.", "the second pair"),
    (DENIES, "The patient reports cough.", "what the negation does not govern"),
    (RULED, "Pulmonary embolism was ruled out by CT.", "first half"),
    (NEITHER, "Aspirin did not reduce the risk of stroke.", "neither taken apart"),
    (UNLESS, "Stop the infusion unless blood pressure is stable.", "article left out"),
    (MAY, "Prednisone might cause insomnia in some patients.", "might is may"),
    (MAY, "Prednisone can cause insomnia in some patients.", "can is may"),
    (CAUSE, "Hypertension raises the risk of kidney failure.", "raises is increases"),
    (LUNG, "A nodule was found in the left upper lobe.", "less said"),
    (DRUG, "Hydroxyzine 0.025 g is given orally for anxiety.", "grams"),
    (ONLY, "The vaccine protects children and adults.", "not only denies nothing"),
    (LONGER, "The patient no longer takes lisinopril.", "verbatim"),
    (ROW, "Sodium was 139 mmol/L on 2020-03-04.", "cell of its column"),
    (ROW, "Sodium was 128 mmol/L on March 9, 2020.", "date written otherwise"),
    (CARD, "The dose of lisinopril is 10 mg once daily.", "record read as a sentence"),
    (MICRO, "Levothyroxine 50 micrograms is taken before breakfast.", "unit in letters"),
    (MICRO, "Levothyroxine 0.05 mg is taken before breakfast.", "milligrams"),
    (FEVER, "Fever over 38.5 °C for more than three days needs a doctor.", "over is above"),
    (SHARE, "The probability of relapse was 12% within five years.", "a probability in percent"),
    (ORDER, "Blood is drawn before the first infusion.", "first half"),
    (RARE, "Rarely, the liver is damaged.", "second half"),
    (FREE, "Without levetiracetam the patient remained free of seizures.", "moved to the front"),
]
OTHER = [
    (CLOCK, "The second dose of insulin is given at 9 a.m. by a nurse.", "morning for evening"),
    (DOSE, "Adults take 500 mg of metformin once daily with food.", "frequency"),
    (DOSE, "Adults take 500 mg of metformin three times daily with food.", "frequency in words"),
    (DOSE, "Adults take 500 mcg of metformin twice daily with food.", "unit a thousandth"),
    (DOSE, "Adults take 500 mg/kg of metformin twice daily.", "per weight"),
    (DOSE, "Adults take 500 mg of metformin per day with food.", "per day instead of per dose"),
    (DOSE, "Adults take 500 mg of metformin twice weekly with food.", "period of the frequency"),
    (DOSE, "Adults take 550 mg of metformin twice daily.", "digit"),
    (DOSE, "Adults take 500 mg of metformin twice daily without food.", "with and without"),
    (DOSE, "Adults take 500 mg of metoprolol twice daily with food.", "look-alike drug"),
    (DOSE, "Children take 500 mg of metformin twice daily with food.", "other patients"),
    (WEIGHT, "Give 15 mg of amoxicillin every 8 hours for 10 days.", "weight left out of the unit"),
    (WEIGHT, "Give 10 mg/kg of amoxicillin every 8 hours.", "number of the same sentence"),
    (WEIGHT, "Give 15 mg/kg of amoxicillin every 6 hours.", "interval"),
    (WEIGHT, "Give 15 mg/kg of amoxicillin every 8 days.", "interval's unit"),
    (WEIGHT, "Give 15 mg/kg of amoxicillin every 10 hours for 8 days.", "two numbers exchanged"),
    (WEIGHT, "Give 15 mg/kg of ampicillin every 8 hours.", "drug of the same stem"),
    (RANGE, "The starting dose of warfarin is 5 mg once daily.", "one end of a range"),
    (RANGE, "The starting dose of warfarin is 2.5 to 10 mg once daily.", "upper end"),
    (RANGE, "The starting dose of warfarin is 5 to 2.5 g once daily.", "unit of the range"),
    (RANGE, "The starting dose of warfarin is 2.5 to 5 mg twice daily.", "frequency"),
    (LIMIT, "Take more than 4 g of paracetamol in 24 hours.", "negation of a limit left out"),
    (LIMIT, "Take at least 4 g of paracetamol in 24 hours.", "limit turned"),
    (LIMIT, "Do not take less than 4 g of paracetamol in 24 hours.", "limit turned under not"),
    (LIMIT, "Do not take more than 4 g of paracetamol in 24 days.", "period"),
    (LEAST, "Patients must be at most 18 years old.", "limit turned"),
    (LEAST, "Patients must be 18 years old.", "limit left out"),
    (LEAST, "Patients must be at least 90 years old.", "number of another limit"),
    (LEAST, "Patients must be at least 18 months old.", "unit"),
    (LEAST, "Patients may be at least 18 years old.", "obligation"),
    (LAB, "Potassium was 4.2 mmol/L on March 4, 2020.", "values of two days exchanged"),
    (LAB, "Potassium was 3.1 mmol/L on March 9, 2020.", "the other way round"),
    (LAB, "Potassium was 3.1 mg/L on March 4, 2020.", "unit"),
    (LAB, "Potassium was 3.1 mmol/L in April 2020.", "month"),
    (TRIAL, "Nausea occurred in 4% of patients on semaglutide.", "shares exchanged"),
    (TRIAL, "Nausea occurred in 12% of patients on placebo.", "arms exchanged"),
    (TRIAL, "Nausea occurred in 12 patients on semaglutide.", "share as a count"),
    (DENIES, "The patient reports chest pain.", "denied"),
    (DENIES, "The patient denies cough.", "scope of the denial"),
    (RULED, "Pulmonary embolism was found by CT.", "ruled out"),
    (RULED, "The troponin test was positive.", "result"),
    (NEITHER, "Aspirin reduced the risk of stroke.", "neither left out"),
    (UNLESS, "Stop the infusion if the blood pressure is stable.", "unless turned"),
    (UNLESS, "Stop the infusion.", "exception left out"),
    (MAY, "Prednisone causes insomnia in some patients.", "certainty"),
    (MAY, "Prednisone may cause insomnia in all patients.", "quantity"),
    (MAY, "Prednisolone may cause insomnia in some patients.", "look-alike drug"),
    (MUST, "Women may take isotretinoin during pregnancy.", "advice turned"),
    (MUST, "Women must avoid isotretinoin during pregnancy.", "advice made an obligation"),
    (CAUSE, "Kidney failure increases the risk of hypertension.", "direction"),
    (CAUSE, "Hypotension increases the risk of kidney failure.", "hyper and hypo"),
    (CAUSE, "Hypertension decreases the risk of kidney failure.", "increase turned"),
    (LUNG, "A nodule was found in the right upper lobe of the lung.", "side"),
    (LUNG, "A nodule was found in the left lower lobe of the lung.", "lobe"),
    (DRUG, "Hydralazine 25 mg is given orally for anxiety.", "look-alike drug"),
    (DRUG, "Hydroxyzine 25 mg is given intravenously for anxiety.", "route"),
    (DRUG, "Hydroxyzine 25 mg is given for anxiety in the morning.", "time of day"),
    (ONLY, "The vaccine protects only children.", "not only turned"),
    (LONGER, "The patient takes lisinopril.", "no longer left out"),
    (ROW, "Sodium was 128 mmol/L on 2020-03-04.", "cell of the other column"),
    (ROW, "Potassium was 139 mmol/L on 2020-03-04.", "other row"),
    (CARD, "The dose of lisinopril is 10 mg twice daily.", "frequency of a record"),
    (CARD, "The dose of losartan is 10 mg once daily.", "other drug"),
    (MICRO, "Levothyroxine 50 mg is taken before breakfast.", "micrograms as milligrams"),
    (MICRO, "Levothyroxine 50 mcg is taken after breakfast.", "before and after"),
    (FEVER, "Fever below 38.5 °C for more than 3 days needs a doctor.", "limit turned"),
    (FEVER, "Fever above 38.5 °F for more than 3 days needs a doctor.", "scale of temperature"),
    (SHARE, "The probability of relapse was 0.12% within five years.", "a share as percent"),
    (ORDER, "Blood is drawn after the first infusion.", "before and after exchanged"),
    (RARE, "Usually the liver is damaged.", "rarely"),
    (FREE, "The patient remained free of seizures with levetiracetam.", "without"),
]


@pytest.mark.parametrize(("source", "claim", "why"), SAME)
def test_nothing_stands_against_the_same_said_otherwise(source, claim, why):
    assert compare(read(claim), read(source)).reasons == (), why


@pytest.mark.parametrize(("source", "claim", "why"), OTHER)
def test_something_else_is_not_let_through(source, claim, why):
    assert compare(read(claim), read(source)).reasons, why
