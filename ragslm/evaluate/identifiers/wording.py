"""Eponyms, drugs and words of medicine and banking that look like names and must stay."""

from collections.abc import Iterator, Mapping
from itertools import product

from ragslm.evaluate.identifiers.cases import Case, Half, half_of, put


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("|"))


WORDS: Mapping[str, tuple[str, ...]] = {
    "eponym": _listed(
        """Hodgkin lymphoma|Parkinson's disease|Crohn's disease|Alzheimer's disease|Cushing syndrome|
        Addison's disease|Graves' disease|Hashimoto's thyroiditis|Bell's palsy|Huntington's disease|
        Kaposi sarcoma|Burkitt lymphoma|Ewing sarcoma|Wilms tumor|Barrett's esophagus|Raynaud phenomenon|
        Sjögren's syndrome|Marfan syndrome|Turner syndrome|Down syndrome|Klinefelter syndrome|
        Guillain-Barré syndrome|Wernicke encephalopathy|Korsakoff syndrome|Ménière's disease|
        Paget disease|Dupuytren's contracture|Colles fracture|Baker's cyst|Charcot joint|
        Tourette syndrome|Wegener's granulomatosis|Kawasaki disease|Takayasu arteritis|Behçet's disease|
        Hirschsprung disease|Meckel's diverticulum|Zenker diverticulum|Mallory-Weiss tear|
        Budd-Chiari syndrome|Wilson's disease|Gaucher disease|Fabry disease|Tay-Sachs disease|
        Ehlers-Danlos syndrome|Peutz-Jeghers syndrome|Lynch syndrome|Zollinger-Ellison syndrome|
        Conn syndrome|Sheehan syndrome|Horner syndrome|Brown-Séquard syndrome|Arnold-Chiari malformation|
        Dandy-Walker malformation|Creutzfeldt-Jakob disease|Lewy body dementia|Pick's disease|
        Friedreich ataxia|Duchenne dystrophy|Eaton-Lambert syndrome|Babinski sign|Romberg test|
        Kernig sign|Brudzinski sign|Murphy's sign|McBurney point|Trendelenburg gait|Lachman test|
        Phalen test|Tinel sign|Homans sign|Virchow node|Cheyne-Stokes respiration|Kussmaul breathing|
        Glasgow Coma Scale|Apgar score|Gleason score|Child-Pugh class|Breslow thickness|Bishop score|
        Wells score|Ranson criteria|Mini-Cog test|Foley catheter|Swan-Ganz catheter|Hickman line|
        Jackson-Pratt drain|Kocher incision|Billroth procedure|Nissen fundoplication|Whipple procedure|
        Fontan circulation|Valsalva maneuver|Heimlich maneuver|Epley maneuver|Wright stain|
        Papanicolaou smear|Coombs test|Schilling test|Rinne test|Weber test|Snellen chart|Purkinje fibers|
        Bowman capsule|Langerhans cells|Schwann cells|Golgi apparatus|Broca area"""
    ),
    "drug": _listed(
        """Lisinopril|Metformin|Atorvastatin|Amlodipine|Metoprolol|Omeprazole|Losartan|Albuterol|Gabapentin|
        Hydrochlorothiazide|Sertraline|Simvastatin|Montelukast|Escitalopram|Rosuvastatin|Bupropion|
        Furosemide|Trazodone|Fluticasone|Pantoprazole|Amoxicillin|Prednisone|Tamsulosin|Clopidogrel|
        Carvedilol|Meloxicam|Duloxetine|Venlafaxine|Warfarin|Apixaban|Rivaroxaban|Insulin glargine|Lantus|
        Humalog|Lipitor|Crestor|Zocor|Plavix|Coumadin|Eliquis|Xarelto|Lasix|Norvasc|Toprol|Zestril|Cozaar|
        Diovan|Glucophage|Januvia|Jardiance|Ozempic|Trulicity|Victoza|Synthroid|Armour Thyroid|Zoloft|
        Prozac|Lexapro|Celexa|Paxil|Wellbutrin|Effexor|Cymbalta|Abilify|Seroquel|Zyprexa|Risperdal|Haldol|
        Ativan|Xanax|Klonopin|Valium|Ambien|Lunesta|Neurontin|Lyrica|Topamax|Keppra|Lamictal|Depakote|
        Dilantin|Tegretol|Sinemet|Mirapex|Requip|Aricept|Namenda|Advil|Motrin|Aleve|Tylenol|Percocet|
        Vicodin|OxyContin|Dilaudid|Augmentin|Zithromax|Cipro|Levaquin|Bactrim|Keflex|Rocephin|Vancomycin|
        Zosyn|Flagyl|Diflucan|Valtrex|Zovirax|Tamiflu|Humira|Enbrel|Remicade|Rituxan|Herceptin|Avastin|
        Keytruda|Opdivo|Gleevec|Tamoxifen|Arimidex|Taxol|Neulasta|Procrit|Epogen|Lovenox|Heparin|Protonix|
        Nexium|Pepcid|Zantac|Reglan|Zofran|Flonase|Singulair|Advair|Symbicort|Spiriva|Ventolin|Claritin|
        Zyrtec|Allegra|Benadryl|Fosamax|Boniva|Prolia|Viagra|Cialis|Flomax|Proscar|Detrol|Imitrex|Maxalt|
        Botox|Colace|Miralax|Senokot|Digoxin|Amiodarone|Colchicine|Allopurinol|Methotrexate|
        Plaquenil"""
    ),
    "word of banking": _listed(
        """Basel III|
        Dodd-Frank Act|Sarbanes-Oxley|Glass-Steagall|Gramm-Leach-Bliley|Volcker Rule|Truth in Lending|
        Regulation E|Regulation DD|Fannie Mae|Freddie Mac|Ginnie Mae|Sallie Mae|Black-Scholes model|
        Monte Carlo simulation|Sharpe ratio|Gini coefficient|Treasury Bills|Federal Reserve|
        Moody's rating|Fitch rating|Dow Jones index|Roth IRA|Pell Grant|Perkins loan|Stafford loan|
        Form 10-K|Chapter 11|Z score|Prime Rate|Ponzi scheme|Herfindahl index|Taylor rule|Lombard loan|
        Rule 144A|Libor|Sofr|Euribor|Money Market|Zelle|Venmo|Fedwire|Swift|Visa|Mastercard|
        American Express|Standard & Poor's|Merrill Lynch|Goldman Sachs|Morgan Stanley|Wells Fargo|
        Charles Schwab|JPMorgan Chase|Deloitte|Ernst & Young|Certificate of Deposit|Home Equity|
        Escrow Account|Letter of Credit|Safe Deposit|Overdraft Fee|Patriot Act|Bank Secrecy Act"""
    ),
    "word of a note": _listed(
        """Chief Complaint|Past Medical History|Review of Systems|Vital Signs|Physical Exam|Social History|
        Family History|Assessment and Plan|Hospital Course|Discharge Instructions|Normal Saline|
        Lactated Ringer's|Chest X-ray|Blood Pressure|Heart Rate|Staphylococcus aureus|Candida albicans|
        Clostridium difficile|Helicobacter pylori|Pseudomonas|Enterococcus|Aspergillus|Giardia|Babesia|
        Vitamin D|Hepatitis B|Grade III|Stage IV|Type 2|May|March|Penicillin|Sulfa|Latex|Bovie|Vicryl|
        Steri-Strips|Medtronic|Stryker|Zimmer|Holter monitor|Doppler|Bair Hugger|Trendelenburg position|
        Fowler position|Betadine|Ace wrap|Velcro|Medicare|Medicaid|Emergency Department|Intensive Care|
        Allergies|Medications"""
    ),
}
_SENTENCES = (
    "The patient has a history of {}.",
    "{} was discussed at length.",
    "We reviewed {} with the team.",
    "Notes mention {} and nothing else.",
    "Regarding {}, nothing changed since last year.",
    "- {}",
)


def words(half: Half) -> Iterator[Case]:
    """Every second word in every second sentence."""
    for kind, known in WORDS.items():
        for word, sentence in product(half_of(known, half), half_of(_SENTENCES, half)):
            yield put(sentence, word, kind)
