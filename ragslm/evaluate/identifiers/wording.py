"""Eponyms, drugs and words of medicine and banking that look like names and must stay."""

from collections.abc import Iterator, Mapping
from itertools import product

from ragslm.evaluate.identifiers.cases import Case, Half, half_of, put


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("|"))


DEV_WORDS: Mapping[str, tuple[str, ...]] = {
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
CHECK_WORDS: Mapping[str, tuple[str, ...]] = {
    "eponym": _listed(
        """Crigler-Najjar syndrome|Dubin-Johnson syndrome|Churg-Strauss syndrome|Libman-Sacks endocarditis|
        Osler-Weber-Rendu disease|Janeway lesions|Roth spots|Cullen sign|Grey Turner sign|
        Courvoisier's law|Chvostek sign|Trousseau sign|Lhermitte sign|Finkelstein test|McMurray test|
        Allen test|Hawkins-Kennedy test|Bouchard nodes|Heberden nodes|Jones criteria|Duke criteria|
        Light's criteria|Ramsay Hunt syndrome|Stevens-Johnson syndrome|Sturge-Weber syndrome|
        Von Hippel-Lindau disease|Von Willebrand disease|Waldenström macroglobulinemia|
        Werdnig-Hoffmann disease|Wolff-Parkinson-White syndrome|Brugada syndrome|Eisenmenger syndrome|
        Tetralogy of Fallot|Ebstein anomaly|Potts disease|Legg-Calvé-Perthes disease|
        Osgood-Schlatter disease|Scheuermann kyphosis|Sever disease|Morton's neuroma|Achilles tendon|
        Eustachian tube|Fallopian tube|Bartholin gland|Cowper gland|Douglas pouch|Peyer patches|
        Kupffer cells|Leydig cells|Sertoli cells|Krebs cycle|Starling forces|Frank-Starling curve|
        Salter-Harris fracture|Monteggia fracture|Galeazzi fracture|Jefferson fracture|Le Fort fracture|
        Smith fracture|Bankart lesion|Hill-Sachs lesion|Kirschner wire|Penrose drain|Balfour retractor|
        Kelly clamp|Allis clamp|Bard catheter|Groshong catheter|Rankin scale|Braden scale|Norton scale|
        Likert scale|Hamilton scale|Beck inventory|Ishihara plates|Amsler grid"""
    ),
    "drug": _listed(
        """Ramipril|Enalapril|Candesartan|Valsartan|Bisoprolol|Atenolol|Propranolol|Diltiazem|Verapamil|
        Nifedipine|Spironolactone|Torsemide|Ezetimibe|Fenofibrate|Dabigatran|Ticagrelor|Prasugrel|
        Glipizide|Pioglitazone|Sitagliptin|Liraglutide|Semaglutide|Levothyroxine|Methimazole|Citalopram|
        Fluoxetine|Mirtazapine|Quetiapine|Olanzapine|Aripiprazole|Lamotrigine|Levetiracetam|Carbamazepine|
        Valproate|Donepezil|Memantine|Morphine|Oxycodone|Tramadol|Ibuprofen|Naproxen|Celecoxib|
        Azithromycin|Ciprofloxacin|Ceftriaxone|Doxycycline|Fluconazole|Acyclovir|Entresto|Farxiga|
        Rybelsus|Wegovy|Mounjaro|Stelara|Cosentyx|Dupixent|Skyrizi|Rinvoq|Xeljanz|Otezla|Tecfidera|
        Gilenya|Aubagio|Copaxone|Rebif|Ocrevus|Brilinta|Pradaxa|Bevyxxa|Tradjenta|Invokana|Actos|Amaryl|
        Tenormin|Inderal|Lopressor|Coreg|Bystolic|Benicar|Micardis|Avapro|Altace|Vasotec|Accupril|
        Pravachol|Livalo|Zetia|Tricor|Niaspan|Welchol|Remeron|Pristiq|Trintellix|Viibryd|Vraylar|Latuda|
        Geodon|Saphris|Provigil|Nuvigil|Adderall|Vyvanse|Concerta|Strattera|Suboxone|Narcan|Chantix|
        Belsomra|Rozerem"""
    ),
    "word of banking": _listed(
        """Gordon growth model|Modigliani-Miller theorem|Kelly criterion|Laffer curve|Phillips curve|
        Bollinger bands|Elliott wave|Fibonacci retracement|Markowitz portfolio|Treynor ratio|
        Sortino ratio|Jensen's alpha|Altman score|Beneish score|Hull-White model|Vasicek model|
        Heston model|Markov chain|Bretton Woods|Washington Consensus|Hart-Scott-Rodino|Robinson-Patman|
        Clayton Act|Sherman Act|Glass Steagall Act|McCarran-Ferguson Act|Durbin Amendment|Regulation Z|
        Regulation B|Equal Credit Opportunity|Fair Isaac|Equifax|Experian|TransUnion|Barclays|
        Deutsche Bank|Credit Suisse|Julius Baer|Lloyds|Santander|Nomura|Citigroup|Bear Stearns|
        Lehman Brothers|Raymond James|Edward Jones|Charles River|Franklin Templeton|Price Waterhouse|
        Grant Thornton|Baker Tilly|Russell Index|Wilshire Index|Nikkei|Hang Seng|Coverdell account|
        Keogh plan|Hope Credit"""
    ),
    "word of a note": _listed(
        """Constitutional Symptoms|Mental Status|Range of Motion|Deep Tendon Reflexes|Follow Up|
        Estimated Blood Loss|Postoperative Diagnosis|Informed Consent|Mallampati Class|Jehovah's Witness|
        Escherichia coli|Klebsiella|Proteus mirabilis|Serratia|Listeria|Legionella|Bordetella|Neisseria|
        Rickettsia|Borrelia|Bartonella|Pasteurella|Cryptococcus|Histoplasma|Pneumocystis|Toxoplasma|
        Trichomonas|Lidocaine|Marcaine|Xylocaine|Propofol|Versed|Fentanyl|Telfa|Xeroform|Kerlix|Coban|
        Surgicel|Gelfoam|Prolene|Ethilon|Mersilene|Hibiclens|Chloraprep|Dermabond|Duoderm|Prevena|Lovaza|
        Ensure|Glucerna|Boost|Jevity|Hoyer lift|Geri chair|Bledsoe brace|Jobst stockings|Unna boot|
        Aspen collar|Miami J collar|Philadelphia collar"""
    ),
}
"""Written without looking at what is masked of them, and nothing was mended on them."""
_SENTENCES = (
    "The patient has a history of {}.",
    "{} was discussed at length.",
    "We reviewed {} with the team.",
    "Notes mention {} and nothing else.",
    "Regarding {}, nothing changed since last year.",
    "- {}",
)


def words(half: Half) -> Iterator[Case]:
    """Every word of the half in every second sentence."""
    for kind, known in (DEV_WORDS if half == "dev" else CHECK_WORDS).items():
        for word, sentence in product(known, half_of(_SENTENCES, half)):
            yield put(sentence, word, kind)
