"""`Catalogue.visible` against `may_read`, the same rule written for one document."""

import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ragslm.access.visibility import may_read
from ragslm.store.catalogue import Catalogue
from ragslm.types import Filters, Identity

OWNER = Identity.local_owner()
SCOPES = st.sampled_from([None, "p1", "p2", "p'3", ""])
NAMES = st.sampled_from(["ann", "bob", "ward", 'w"ard\\', "ä", "n\0l"])
DATES = st.sampled_from([None, dt.date(2020, 1, 1), dt.date(2024, 2, 29), dt.date(2026, 7, 1)])
TITLES = st.sampled_from(["Report", "STRASSE Straße", "100 % off_", "x"])

DOCUMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "domain": st.sampled_from(["medical", "banking"]),
            "scope": SCOPES,
            "readers": st.none() | st.frozensets(NAMES, max_size=2),
            "date": DATES,
            "title": TITLES,
        }
    ),
    max_size=6,
)
IDENTITIES = st.builds(
    Identity,
    id=NAMES,
    groups=st.frozensets(NAMES, max_size=2),
    scopes=st.none() | st.frozensets(SCOPES.filter(lambda scope: scope is not None), max_size=2),
    owner=st.booleans(),
)
FILTERS = st.builds(
    Filters,
    title=st.sampled_from([None, None, "report", "STRASSE", "%", "_", ""]),
    uri=st.sampled_from([None, None, "DOCS/D1", "nowhere"]),
    media_type=st.sampled_from([None, None, "text/plain", "text"]),
    date_from=DATES,
    date_to=DATES,
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    documents=DOCUMENTS,
    asked=st.lists(st.tuples(IDENTITIES, FILTERS, SCOPES, DATES), min_size=5, max_size=15),
)
def test_the_query_says_what_the_rule_says(tmp_path_factory, new_document, key, documents, asked):
    with Catalogue.create(tmp_path_factory.mktemp("visible") / "w", key) as catalogue:
        new = [new_document(f"d{number}", **fields) for number, fields in enumerate(documents)]
        for each in new:
            catalogue.put_document(each, identity=OWNER)
        with catalogue._db.read() as connection:
            rows = dict(connection.execute("SELECT id, row FROM documents"))
        for identity, filters, scope, as_of in asked:
            found = catalogue.visible(
                identity=identity, domain="medical", filters=filters, scope=scope, as_of=as_of
            )
            wanted = [rows[each.id] for each in new if _wanted(each, identity, filters, scope, as_of)]
            assert (sorted(rows.values()) if found is None else found.tolist()) == wanted


def _wanted(new, identity, filters, scope, as_of) -> bool:
    date = new.effective_date
    return (
        new.domain == "medical"
        and may_read(identity, scope=new.scope, readers=new.readers, wanted_scope=scope)
        and (as_of is None or date is None or date <= as_of)
        and (filters.title is None or filters.title.casefold() in new.title.casefold())
        and (filters.uri is None or filters.uri.casefold() in new.source.uri.casefold())
        and filters.media_type in (None, new.media_type)
        and (filters.date_from is None or (date is not None and date >= filters.date_from))
        and (filters.date_to is None or (date is not None and date <= filters.date_to))
    )


def test_none_only_where_the_rule_restricts_nothing(catalogue, new_document):
    catalogue.put_document(new_document("a"), identity=OWNER)

    def visible(identity=OWNER, domain="medical", filters=None, scope=None, as_of=None):
        return catalogue.visible(
            identity=identity, domain=domain, filters=filters or Filters(), scope=scope, as_of=as_of
        )

    assert visible() is None
    # each of these happens to match everything, and a document arriving later might not match
    assert visible(Identity(id="ann")).tolist() == [1]
    assert visible(Identity(id="ann", owner=True, scopes=frozenset())).tolist() == [1]
    assert visible(filters=Filters(title="")).tolist() == [1]
    assert visible(scope="p1").tolist() == [1]
    assert visible(as_of=dt.date(2026, 1, 1)).tolist() == [1]
    assert visible(domain="banking").tolist() == []
    catalogue.put_document(new_document("b", domain="banking"), identity=OWNER)
    assert visible().tolist() == [1]


def test_documents_are_counted_for_who_asks(catalogue, new_document):
    catalogue.put_document(new_document("a"), identity=OWNER)
    catalogue.put_document(new_document("b", scope="p1"), identity=OWNER)
    catalogue.put_document(new_document("c", readers=frozenset({"ward"})), identity=OWNER)

    def count(**who):
        return catalogue.count_documents("medical", Identity(**{"id": "ann", **who}))

    assert catalogue.count_documents("medical", OWNER) == count(owner=True) == 3
    assert count() == 2
    assert count(scopes=frozenset()) == 1
    assert count(groups=frozenset({"ward"})) == 3
    assert catalogue.count_documents("banking", OWNER) == 0


def test_exact_document(catalogue, new_document):
    for name in "ab":
        catalogue.put_document(new_document(name), identity=OWNER)
    found = catalogue.visible(
        identity=OWNER,
        domain="medical",
        filters=Filters(document_id=new_document("b").id),
        scope=None,
        as_of=None,
    )
    assert found.tolist() == [2]
    assert found.dtype == "int64"
