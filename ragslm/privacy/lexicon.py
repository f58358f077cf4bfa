"""Words that look like names to a language model and are not: the precision side of the scrubber.

Over-masking ruins retrieval: a passage about Hodgkin lymphoma whose title became a pseudonym is not found.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

PARTICLES = frozenset("van von der de den di da la le bin al del dos y ten ter af zu el und".split())

# People after whom diseases, signs, tests, scales, instruments and laws are called.
EPONYMS = frozenset(
    """addison adson allis alport alzheimer angelman apgar asperger babinski barrett bartter basedow batten
    becker behcet behçet bell bence bernard-soulier binet bowen bright brugada burkitt burkholder
    caroli castleman chagas charcot chiari christmas conn coombs cori cowden coxsackie creutzfeldt
    jakob crohn cushing dandy darier dercum digeorge down dravet duchenne dupuytren ebstein edwards
    ehlers danlos eisenmenger epstein barr ewing fabry fallot fanconi felty foley fournier
    friedreich gaucher gilbert gitelman glasgow gleason gardner goodpasture gorlin graves grave
    guillain barré barre hansen hartnup hashimoto henoch schonlein schönlein hirschsprung hodgkin
    horner huntington hurler hutchinson joubert kaposi kartagener kawasaki kallmann kearns
    klinefelter klippel korsakoff krabbe kaplan laennec landau lambert eaton leber legg calve
    perthes leigh lennox gastaut lesch nyhan lewy leydig lowe lyme lynch mallory marburg marfan
    mcardle meckel menetrier meniere ménière menkes merkel milroy moebius munchausen noonan osgood
    schlatter osler paget pap papanicolaou parkinson peutz jeghers peyronie pick pierre pompe pott
    prader willi prinzmetal ramsay raynaud reiter refsum rett reye rorschach salk sandhoff sezary
    sheehan sjogren sjögren spitz stargardt stevens johnson still sturge weber swyer sydenham
    takayasu tay sachs tietze tourette treacher turner usher valsalva vincent waardenburg
    waldenstrom waldenström wegener werner wernicke west whipple williams wilms wilson wiskott
    aldrich wolff wolfram zellweger zollinger ellison zika ebola golgi kocher babcock satinsky
    kirschner liston kelly metzenbaum bovie penrose pratt hemovac dermabond monocryl vicryl prolene
    nylon ethibond procardia elisa ifat albright gottron bogaert gazali heller purkinje schwann
    krebs doppler bragg geiger fahrenheit celsius kelvin kaplan-meier cox bonferroni fisher bayes
    gram giemsa wright sarbanes oxley dodd frank glass steagall gramm leach bliley volcker truth
    miranda basel moody moodys fitch poor gini monte carlo black-scholes scholes ponzi nielsen
    bloomberg holter armour fannie freddie ginnie sallie mae""".split()
)

# What stands behind a firm's name or the name of a law.
AFTER_FIRM = frozenset(
    """act rule law inc inc. corp corp. corporation ltd llc plc co company bank group holdings partners trust
    fund funds foundation institute hospital clinic university college center centre school laboratory
    laboratories association society pharmaceuticals pharma therapeutics brands stores systems technologies
    rating ratings""".split()
)

# What stands behind an eponym. No word that a patient or a customer has: `account`, `chart`, `rash`.
AFTER_EPONYM = AFTER_FIRM | frozenset(
    """disease diseases syndrome syndromes lymphoma lymphomas sarcoma tumor tumors tumour palsy contracture
    phenomenon sign signs test tests stain scale score index anemia anaemia ataxia chorea dystrophy
    encephalopathy neuropathy thyroiditis esophagus oesophagus fracture fractures ulcer nodes node cell cells
    virus fever cirrhosis nephritis deficiency malformation anomaly tetralogy sequence type gene
    protein receptor antigen catheter tube clamp clamps retractor wire wires forceps scissors suture
    sutures drain stitch incision maneuver manoeuvre procedure operation method criteria criterion
    classification stage staging grade curve ratio formula equation effect hypothesis cyst cysts
    diverticulum gait respiration respirations breathing reflex murmur dementia
    thickness smear agar swab splint brace bandage collar monitor position capsule fibers fibres apparatus
    anastomosis fundoplication ligament duct canal triad facies prosthesis valve stent
    simulation coma bodies body point tear loop pouch angle plaques spots rhythm
    abscess gangrene neuroma hernia lesion lesions chancre nodule nodules gland glands plexus artery vein
    nerve tendon muscle tubercle fissure sulcus fossa foramen sphincter membrane cortex ganglion conduit
    needle speculum trocar spatula curette rongeur elevator cannula shunt osteotomy technique approach
    inventory questionnaire nomogram kyphosis tenosynovitis purpura disorder crisis pneumonia angina
    model models statistic distribution process chain lemma theorem paradox amendment scheme
    doctrine""".split()
)

# Words of forms, reports, law, medicine and trade that begin a line or a sentence with a capital.
NOT_NAMES = frozenset(
    """a an the and or of in on for to with from by at as is are was were be not no yes this that these
    those it its i you he she we they my your his her our their who what when where why how which if
    but so act regulation reg section part appendix rule item note notes table figure form exhibit
    schedule page chapter title article comment commentary paragraph subpart supplement official
    interpretation interpretations board bureau agency federal state states united national
    international commission committee department office secretary treasury congress inc corp
    corporation company ltd llc plc bank banks group holdings partners trust fund securities capital
    financial finance credit debit card account accounts loan loans mortgage insurance payment
    payments transfer transfers consumer annual quarterly report fiscal year quarter month week day
    january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday net total revenue revenues income sales cost
    costs tax taxes cash assets equity stock share shares common north south east west northern
    southern eastern western new old great central american european asian pacific disease disorder
    syndrome symptoms symptom signs treatment treatments therapy diagnosis prognosis test tests
    blood heart kidney liver lung brain skin bone eye eyes ear nose throat stomach bowel colon
    breast prostate thyroid cancer tumor lymphoma leukemia infection virus viral bacteria vaccine
    vitamin hormone protein gene genes genetic genetics chromosome mutation cell cells patient
    patients doctor physician nurse hospital clinic health medical medicine medline medlineplus
    pubmed omim gard nih cdc fda nhlbi ninds nci mayo human phenotype ontology database dictionary
    library history physical examination assessment plan allergies medications impression findings
    procedure operation anesthesia anterior posterior lateral medial left right upper lower normal
    abnormal bilateral acute chronic mg ml mcg kg tablet tablets capsule daily twice customer client
    user name address phone email date number id code type status street road avenue suite apt hello
    hi dear thanks please regards sincerely mister sir madam ceo cfo president chairman director
    manager officer chief executive vice senior general counsel partner consultant google facebook
    amazon microsoft apple twitter oracle adobe visa mastercard amex paypal pfizer verizon boeing
    nasdaq nyse sec irs fdic occ cfpb gaap ifrs ebitda libor sofr covid omicron delta christmas
    easter thanksgiving god bible internet web site online wifi excel word windows linux python java
    baby mother father child children woman women man men people person adult adults infant infants
    family families amounts balance sheet statement statements consolidated operations adjusted non
    diluted basic segment segments real estate male female na native alaska carry miss record
    records retention disclosure disclosures subsequent moreover lien liens jpmorgan chase producer
    lending home banking wealth asset management goldman sachs citi citigroup moodys method methods
    types angio angina lupus melanoma asthma diabetes stroke anemia hepatitis gmbh ltda pte pty sarl kgaa
    app avg county yen iban bic mr mrs ms dr prof""".split()
)

# Countries, states of the United States and dependent places that a language model takes for people.
PLACES = frozenset(
    (
        *"""afghanistan alabama alaska albania algeria andorra angola argentina arizona arkansas armenia
        aruba australia austria azerbaijan bahamas bahrain bangladesh barbados belarus belgium belize benin
        bermuda bhutan bolivia botswana brazil brunei bulgaria burundi california cambodia cameroon canada
        carolina chile china colombia colorado congo connecticut croatia cuba curaçao cyprus dakota delaware
        denmark djibouti ecuador egypt england eritrea estonia eswatini ethiopia fiji finland florida france
        gabon gambia germany ghana gibraltar greece greenland grenada guam guatemala guernsey guinea guyana
        haiti hawaii honduras hungary iceland idaho illinois india indiana indonesia iowa iran iraq ireland
        israel italy jamaica japan jersey kansas kazakhstan kentucky kenya kosovo kuwait kyrgyzstan laos
        latvia lebanon lesotho liberia libya liechtenstein lithuania louisiana luxembourg macao macau
        madagascar maine malawi malaysia maldives mali malta maryland massachusetts mauritania mauritius
        mexico michigan minnesota mississippi missouri moldova monaco mongolia montana montenegro morocco
        mozambique myanmar namibia nauru nebraska nepal netherlands nevada nicaragua niger nigeria norway
        ohio oklahoma oman ontario oregon pakistan palau panama paraguay pennsylvania peru philippines
        poland portugal qatar quebec romania russia rwanda samoa scotland senegal serbia singapore slovakia
        slovenia somalia spain sudan suriname sweden switzerland syria taiwan tajikistan tanzania tennessee
        texas thailand togo tonga tunisia turkey turkmenistan tuvalu uganda ukraine uruguay utah uzbekistan
        vanuatu venezuela vermont vietnam wales wisconsin wyoming yemen zambia zimbabwe europe asia africa
        america oceania""".split(),
        "hong kong", "puerto rico", "costa rica", "el salvador", "saudi arabia", "sri lanka", "sierra leone",
        "burkina faso", "cabo verde", "new zealand", "new jersey", "new york", "new mexico",
        "rhode island", "virgin islands", "san marino", "saint lucia", "papua new guinea",
    )
)  # fmt: skip

_ENDINGS = (
    "itis",
    "osis",
    "emia",
    "aemia",
    "opathy",
    "ectomy",
    "otomy",
    "oscopy",
    "ology",
    "ologist",
    "plasty",
    "algia",
    "uria",
    "cillin",
    "mycin",
    "azole",
    "statin",
    "sartan",
    "prazole",
    "olol",
    "dipine",
    "mab",
    "tinib",
    "ciclib",
    "vir",
    "parin",
    "caine",
    "pril",
    "oxetine",
    "azepam",
    "triptan",
    "gliptin",
    "formin",
    "floxacin",
    "cycline",
    "setron",
    "trophy",
    "plasia",
    "penia",
    "sclerosis",
    "carcinoma",
    "sarcoma",
    "blastoma",
    "ase",
    "globulin",
    "sterone",
    "amide",
    "idine",
    "amine",
    "azine",
    "oxide",
    "phate",
    "chloride",
    "ological",
    "ation",
    "ations",
    "ments",
    "ness",
    "ships",
    "syndrome",
    "virus",
    "genesis",
    "plegia",
    "paresis",
    "cyte",
    "cytes",
)

_WORDLIKE = re.compile(
    r".*(?:ing|ed|ly|tion|sion|ment|ness|ity|ive|ous|al|ful|able|ible|ic|ism|ist|ship|ance|ence|ure|ory"
    r"|ary|ish|ware|land"
    r"|ford|line|back|light|site|gard|brite|tech|pharm|gen|ids|ers|ors|ess|ogy|ark|ers|ings|ates|ants|ents)$"
)


_WORD = re.compile(r"\w+")
_LONG = 7
"""Letters above which a word may be a compound: surnames such as Neuhaus are shorter."""
_TERM = 40
"""Characters of the longest term in `named_after.txt`."""


def wordlike(word: str) -> bool:
    """Whether a word, any case, ends the way English words do, or is two capitalised words joined."""
    return bool(_WORDLIKE.match(word.lower())) or "-" in word


def technical(word: str) -> bool:
    """Whether a lower-case word ends like a disease, procedure, drug, enzyme or abstract noun."""
    return len(word) > 5 and word.endswith(_ENDINGS)


@cache
def medicines() -> frozenset[str]:
    """Medicines and microbes, in small letters: they look like names of persons and are knowledge."""
    return frozenset(word for line in _lines("medicines.txt") for word in line.split())


def is_payment(word: str) -> bool:
    """Whether a word is one of payments in another language, any case, or a German compound that ends so."""
    small = word.lower()
    return small in _payment_words() or (len(small) > _LONG and small.endswith(_compound_ends()))


@cache
def _payment_words() -> frozenset[str]:
    return frozenset(word for line in _lines("payment_words.txt") for word in line.split())


@cache
def _compound_ends() -> tuple[str, ...]:
    return tuple(word for word in _payment_words() if len(word) > 3)


def is_named_after(text: str, start: int, end: int) -> bool:
    """Whether the part of a text from `start` to `end` stands within a term or firm called after people."""
    word = _WORD.match(text, start)
    terms = _terms().get(word[0].lower(), ()) if word else ()
    return any(
        found.start() <= start and end <= found.end()
        for term in terms
        for found in term.finditer(text, max(0, start - _TERM), end + _TERM)
    )


@cache
def _terms() -> Mapping[str, Sequence[re.Pattern[str]]]:
    """Patterns of `named_after.txt`, by every word in them."""
    terms: dict[str, list[re.Pattern[str]]] = {}
    for line in _lines("named_after.txt"):
        words = _WORD.findall(line)
        pattern = re.compile(r"(?<!\w)" + r"\W{1,3}".join(words) + r"(?!\w)", re.IGNORECASE)
        for word in words:
            terms.setdefault(word, []).append(pattern)
    return terms


def _lines(file: str) -> Iterator[str]:
    lines = (files("ragslm.privacy") / "data" / file).read_text(encoding="utf-8").splitlines()
    return (line for line in lines if not line.startswith("#"))
