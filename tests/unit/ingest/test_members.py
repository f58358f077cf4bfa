"""Documents inside others: taken in, changed, removed and kept within bounds like any other."""

import io
import tarfile
import zipfile
from email.message import EmailMessage

import pytest

from ragslm.ingest import members
from ragslm.ingest.files import name_of, suffix_of
from ragslm.ingest.members import Members, decoded, encoded, ids_inside, outermost, prefix_of
from ragslm.ingest.messages import Parsed, ParseFailure, decode_reply, encode_parsed
from ragslm.records import MEDIA_TYPE, record
from ragslm.types import Member, ParsedDocument, SourceDocument


def zipped(**texts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in texts.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


def mail(*attachments, text="See the papers."):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "Papers"
    message.set_content(text)
    for name, content in attachments:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def counts(report):
    return report.added, report.changed, report.unchanged, report.removed, len(report.quarantined)


def uris(catalogue, folder):
    return sorted(uri.removeprefix(folder.as_uri()) for uri in catalogue.hashes("generic"))


def test_members_of_an_archive_are_documents(run, folder, catalogue):
    (folder / "all.zip").write_bytes(zipped(a_txt="First words.", b_md="# Second\n\nwords"))
    assert counts(run(folder)) == (3, 0, 0, 0, 0)
    assert uris(catalogue, folder) == ["/all.zip", "/all.zip#member=a.txt", "/all.zip#member=b.md"]
    assert {info.media_type for info in catalogue.documents()} >= {"text/plain", "text/markdown"}
    assert {info.title for info in catalogue.documents()} == {"all", "a", "Second (b)"}


def test_attachments_of_a_mail_inside_an_archive(run, folder, catalogue):
    inner = mail(("report.txt", b"Inside a mail."), ("more.zip", zipped(deep_txt="Deep down.")))
    (folder / "all.zip").write_bytes(zipped(mail_eml=inner))
    assert counts(run(folder)) == (5, 0, 0, 0, 0)
    assert uris(catalogue, folder) == [
        "/all.zip",
        "/all.zip#member=mail.eml",
        "/all.zip#member=mail.eml/attachment=1/report.txt",
        "/all.zip#member=mail.eml/attachment=2/more.zip",
        "/all.zip#member=mail.eml/attachment=2/more.zip/member=deep.txt",
    ]


def test_nothing_is_read_again_while_the_container_is_the_same(run, folder, pool, embedder):
    (folder / "all.zip").write_bytes(zipped(a_txt="First words.", x_bin="\x00\x01"))
    assert counts(run(folder)) == (2, 0, 0, 0, 1)
    pool.parsed.clear()
    embedder.texts.clear()
    assert counts(run(folder)) == (0, 0, 2, 0, 1)
    assert pool.parsed == embedder.texts == []


def test_a_member_that_is_gone_disappears(run, folder, catalogue):
    (folder / "all.zip").write_bytes(zipped(a_txt="First words.", b_txt="Second words.", x_bin="\x00"))
    run(folder)
    (folder / "all.zip").write_bytes(zipped(a_txt="First words."))
    assert counts(run(folder)) == (0, 1, 1, 1, 0)
    assert uris(catalogue, folder) == ["/all.zip", "/all.zip#member=a.txt"]
    assert catalogue.quarantined() == []


def test_a_member_that_is_gone_from_a_single_file_disappears_too(run, folder, catalogue):
    path = folder / "all.zip"
    path.write_bytes(zipped(a_txt="First words.", b_txt="Second words.", x_bin="\x00"))
    run(path)
    path.write_bytes(zipped(a_txt="First words."))
    assert counts(run(path)) == (0, 1, 1, 1, 0)
    assert catalogue.quarantined() == []


@pytest.mark.parametrize("single", [False, True])
def test_a_container_that_breaks_takes_its_members_along(run, folder, catalogue, single):
    path = folder / "all.zip"
    path.write_bytes(zipped(a_txt="First words."))
    run(path if single else folder)
    path.write_bytes(b"PK\x03\x04 broken")
    assert counts(run(path if single else folder)) == (0, 0, 0, 2, 1)
    assert uris(catalogue, folder) == []


def test_a_container_that_is_gone_takes_its_members_along(run, folder, catalogue):
    (folder / "all.zip").write_bytes(zipped(a_txt="First words.", m_eml=mail(("r.txt", b"Deep words."))))
    (folder / "stays.txt").write_text("Stays.")
    run(folder)
    (folder / "all.zip").unlink()
    assert counts(run(folder)) == (0, 0, 1, 4, 0)
    assert uris(catalogue, folder) == ["/stays.txt"]


def test_members_have_the_readers_and_scope_of_their_container(run, folder, catalogue):
    (folder / "mail.eml").write_bytes(mail(("report.txt", b"For one reader.")))
    run(folder, scope="patient-1", readers=frozenset({"ward"}))
    for info in catalogue.documents():
        access = catalogue.access_of(info.id)
        assert (access.scope, access.readers) == ("patient-1", frozenset({"ward"}))
    run(folder, scope="patient-1", readers=frozenset({"desk"}))
    assert {catalogue.access_of(info.id).readers for info in catalogue.documents()} == {frozenset({"desk"})}


def test_members_are_opened_with_their_container_alone(run, folder, catalogue):
    path = folder / "mail.eml"
    path.write_bytes(mail(("report.txt", b"For one reader.")))
    run(folder, scope="patient-1", readers=frozenset({"ward"}))
    path.write_bytes(mail(("report.txt", b"For one reader."), ("new.txt", b"Another.")))
    run(folder)
    found = [catalogue.access_of(info.id) for info in catalogue.documents()]
    assert [(access.scope, access.readers) for access in found] == [("patient-1", {"ward"})] * 3
    run(folder, scope="*", readers=frozenset({"*"}))
    found = [catalogue.access_of(info.id) for info in catalogue.documents()]
    assert [(access.scope, access.readers) for access in found] == [(None, None)] * 3


def test_a_crash_after_the_members_loses_none(run, folder, catalogue, monkeypatch):
    """Members are stored before their container, so that the next run opens it again."""
    (folder / "all.zip").write_bytes(zipped(a_txt="First words.", b_txt="Second words."))
    put = catalogue.put_document
    stored = []

    def dies(record, **more):
        if len(stored) == 2:
            raise KeyboardInterrupt
        stored.append(record.source.uri)
        return put(record, **more)

    monkeypatch.setattr(catalogue, "put_document", dies)
    with pytest.raises(KeyboardInterrupt):
        run(folder)
    assert all("#member=" in uri for uri in stored)
    monkeypatch.setattr(catalogue, "put_document", put)
    assert counts(run(folder)) == (1, 0, 2, 0, 0)


def test_a_member_that_failed_for_now_is_tried_again(run, folder, catalogue, pool):
    (folder / "all.zip").write_bytes(zipped(a_txt="First words.", b_txt="Second words."))
    failing = (folder / "all.zip").as_uri() + "#member=b.txt"
    pool.failing[failing] = ParseFailure("Parsing took longer than 1 s and was stopped.", again=True)
    assert counts(run(folder)) == (2, 0, 0, 0, 1)
    pool.failing.clear()
    report = run(folder)
    assert (report.added, len(report.quarantined)) == (1, 0)
    assert catalogue.quarantined() == []


def test_one_member_is_encrypted_the_rest_goes_in(run, folder, catalogue):
    raw = bytearray(zipped(a_txt="First words.", b_txt="Secret words."))
    raw[raw.rfind(b"PK\x03\x04") + 6] |= 1
    raw[raw.rfind(b"PK\x01\x02") + 8] |= 1
    (folder / "all.zip").write_bytes(raw)
    report = run(folder)
    assert counts(report) == (2, 0, 0, 0, 1)
    assert "encrypted" in report.quarantined[0][1]
    assert report.quarantined[0][0].endswith("#member=b.txt")


def test_rebuild_reads_members_once(run, folder, catalogue):
    (folder / "all.zip").write_bytes(zipped(a_txt="First words.", b_txt="Second words."))
    run(folder)
    assert counts(run(folder, rebuild=True)) == (0, 3, 0, 0, 0)
    (folder / "other.txt").write_text("Other words.")
    assert counts(run(folder / "other.txt", rebuild=True)) == (1, 3, 0, 0, 0)


def test_depth_is_bounded(run, folder, catalogue):
    content = b"The innermost words."
    for _ in range(members.MAX_DEPTH + 2):
        content = zipped(in_zip=content) if content.startswith(b"PK") else zipped(in_txt=content)
    (folder / "all.zip").write_bytes(content)
    report = run(folder)
    assert report.added == members.MAX_DEPTH + 1
    assert "deep" in report.quarantined[0][1]


def test_number_and_size_in_all_are_bounded(monkeypatch):
    monkeypatch.setattr(members, "MAX_IN_ALL", 2)
    monkeypatch.setattr(members, "MAX_BYTES_IN_ALL", 10)
    told = [Member(place=f"member={n}", content=b"12345678") for n in range(5)]
    counted = list(Members().documents(SourceDocument(uri="file:///a.zip", content=b""), told))
    assert [reason and reason.split()[-1] for _, reason in counted] == [None, "together.", "read."]


def test_the_answer_of_a_worker_is_checked():
    parsed = Parsed(document=ParsedDocument(text="x"), parser="p", media_type="m")
    good = Member(place="member=a/b.txt", title="b", media_type="t", content=b"c")
    bad = [
        Member(place="member=../x#y", content=b""),
        Member(place="elsewhere=x", content=b""),
        Member(place="", content=b""),
    ]
    assert decode_reply(encode_parsed(replaced(parsed, good)), 10).members[0].place == good.place
    for member in bad:
        with pytest.raises(ParseFailure, match="no sense"):
            decode_reply(encode_parsed(replaced(parsed, member)), 10)
    many = [Member(place=f"member={number}", content=b"") for number in range(members.MAX_TOLD + 1)]
    with pytest.raises(ParseFailure, match="no sense"):
        decode_reply(encode_parsed(replaced(parsed, *many)), 10)
    with pytest.raises(ValueError, match="one place"):
        decoded(encoded([good, good]))


def replaced(parsed, *inside):
    return Parsed(document=parsed.document, parser="p", media_type="m", members=inside)


@pytest.mark.parametrize(
    ("uri", "name", "suffix"),
    [
        ("file:///a/b.zip#member=x/y%20z.PDF", "y z.PDF", ".pdf"),  # a member
        ("file:///a/b.zip#member=x.txt;2", "x.txt", ".txt"),  # the second of one name
        ("file:///m.eml#attachment=2/report.docx", "report.docx", ".docx"),
        ("file:///b.zip#member=m.eml/attachment=2/r.xlsx", "r.xlsx", ".xlsx"),  # deeper
        ("https://example.com/p.html#chapter", "p.html", ".html"),  # another fragment
        ("https://example.com/p.html?x=1#c", "p.html", ".html"),
        ("s3://bucket/a%23b.csv", "a#b.csv", ".csv"),
    ],
)
def test_names_of_members(uri, name, suffix):
    assert (name_of(uri), suffix_of(uri)) == (name, suffix)


def test_uris_of_members():
    assert prefix_of("file:///a.zip") == "file:///a.zip#"
    assert prefix_of("file:///a.zip#member=m.eml") == "file:///a.zip#member=m.eml/"
    assert outermost("file:///a.zip#member=m.eml/attachment=1/x") == "file:///a.zip"
    assert outermost("https://x/y#z") == "https://x/y#z"


def test_what_goes_with_a_document_that_is_removed(run, folder, catalogue):
    (folder / "a.zip").write_bytes(zipped(m_eml=mail(("r.txt", b"Deep words."))))
    (folder / "a.zip.txt").write_text("Beside it.")
    run(folder)
    ids = {info.uri.removeprefix(folder.as_uri()): info.id for info in catalogue.documents()}
    member = ids["/a.zip#member=m.eml"]
    attachment = ids["/a.zip#member=m.eml/attachment=1/r.txt"]
    assert set(ids_inside(ids["/a.zip"], catalogue.documents())) == {member, attachment}
    assert ids_inside(member, catalogue.documents()) == [attachment]
    assert ids_inside(ids["/a.zip.txt"], catalogue.documents()) == ids_inside("nobody", []) == []


def test_a_tar_file_inside_gzip(run, folder, catalogue):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo("papers/a.txt")
        info.size = 12
        archive.addfile(info, io.BytesIO(b"First words."))
    (folder / "papers.tar.gz").write_bytes(out.getvalue())
    assert counts(run(folder)) == (2, 0, 0, 0, 0)
    assert uris(catalogue, folder)[1] == "/papers.tar.gz#member=papers/a.txt"


def test_an_attachment_is_no_record_whatever_its_mail_declares(run, folder, catalogue):
    content = record({"Note": "Jane Doe"}, {"Note": "KEEP"})  # would leave the name alone
    message = EmailMessage()
    message["From"], message["To"] = "a@example.com", "b@example.com"
    message.set_content("See the note.")
    kind, _, subtype = MEDIA_TYPE.partition("/")
    message.add_attachment(content, maintype=kind, subtype=subtype, filename="note")
    (folder / "mail.eml").write_bytes(message.as_bytes())
    report = run(folder)
    assert [reason for _, reason in report.quarantined] == [
        "This file looks like a record of a connector, but no connector made it."
    ]
    assert [uri for uri in catalogue.hashes("generic")] == [(folder / "mail.eml").as_uri()]
