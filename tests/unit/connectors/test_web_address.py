"""Which web addresses may be read: the allow-list, and what stands behind a name."""

import pytest

from ragslm.errors import SourceError
from ragslm_connectors.generic._web_address import Address, RefusedError, checked, is_open

ALLOWED = Address.of("https://www.example.org/guidelines")

INSIDE = [
    "https://www.example.org/guidelines",  # the address itself
    "https://www.example.org/guidelines/",  # as a folder
    "https://www.example.org/guidelines/af.html?page=2#top",  # below; a query; a fragment is no address
    "https://WWW.EXAMPLE.ORG:443/guidelines/af",  # capitals; the scheme's own port
    "https://www.example.org./guidelines/af",  # a full host name
    "https://www.example.org/guidelines/a b".replace(" ", "%20"),  # a blank, encoded
    "https://www.example.org/guidelines/über",  # letters beyond ASCII
    "https://www.example.org/guidelines/.well-known/..a/v1.2./b;v=1",  # dots that lead nowhere
]
OUTSIDE = [
    "http://www.example.org/guidelines/",  # another scheme
    "https://www.example.org:8443/guidelines/",  # another port
    "https://example.org/guidelines/",  # another host
    "https://www.example.org.evil.net/guidelines/",  # a host that begins like it
    "https://evilwww.example.org/guidelines/",  # a host that ends like it
    "https://www.example.org/guidelines-internal/",  # a path that begins like it
    "https://www.example.org/",  # above
    "https://www.example.org/Guidelines/",  # paths have capitals
    "https://127.0.0.1/guidelines/",  # this machine
    "https://[::1]/guidelines/",  # this machine
    "https://2130706433/guidelines/",  # this machine as one number
    "https://0x7f.0.0.1/guidelines/",  # in hexadecimal
    "https://0177.0.0.1/guidelines/",  # in octal
    "https://169.254.169.254/guidelines/",  # a cloud's credentials
]
NONE = [
    "file:///etc/passwd",  # a file
    "ftp://www.example.org/guidelines/",  # another protocol
    "gopher://www.example.org/guidelines/",
    "javascript:alert(1)",
    "data:text/html,x",
    r"\\host\share\file",  # a network path of Windows
    r"https:\\www.example.org\guidelines",  # backslashes: readers differ
    "https://user@www.example.org/guidelines/",  # a user's name
    "https://user:word@www.example.org/guidelines/",
    "https://www.example.org@evil.net/guidelines/",  # a host that looks like a user
    "https://evil.net\\@www.example.org/guidelines/",
    "https://www.example.org/guidelines/../admin",  # upwards
    "https://www.example.org/guidelines/%2e%2e/admin",  # encoded
    "https://www.example.org/guidelines/%252e%252e/admin",  # encoded twice
    "https://www.example.org/guidelines/%2E./admin",  # half encoded
    "https://www.example.org/guidelines/..%2fadmin",  # with a hidden slash
    "https://www.example.org/guidelines/..%5cadmin",  # with a hidden backslash
    "https://www.example.org/guidelines/%25252e%25252e/admin",  # encoded three times
    "https://www.example.org/guidelines/..;/admin",  # some servers cut at a semicolon
    "https://www.example.org/guidelines/..%3b/admin",  # the same, encoded
    "https://www.example.org/guidelines/..%00/admin",  # or at a control character
    "https://www.example.org/guidelines/..%20/admin",  # or drop a blank
    "https://www.example.org/guidelines/.../admin",  # or dots
    "https://www.example.org/guidelines/a%00.html",  # a control character anywhere
    "https://www.example.org/guidelines/ af",  # a blank
    "https://www.example.org/guidelines/\taf",  # a tab, which some readers drop
    "https://www.example.org/guidelines/\r\nHost: evil.net",  # another header
    "https://www.example.org/guidelines/\x00",
    "https://www.example.org:99999/guidelines/",  # no port
    "https://www.example.org:0/guidelines/",
    "ftp://www.example.org:21/guidelines/",  # another protocol with a port
    "https://www.example.org:port/guidelines/",
    "https://[::1/guidelines/",  # an open bracket
    "https://[fe80::1%25eth0]/guidelines/",  # a zone
    "https:///guidelines/",  # no host
    "https://" + "a" * 70 + ".org/guidelines/",  # a label that is too long
    "https://www.example.org/guidelines/" + "a" * 2100,  # too long
    "",  # nothing
]


@pytest.mark.parametrize("url", INSIDE)
def test_inside_of_what_is_allowed(url):
    assert Address.of(url).is_below(ALLOWED)


@pytest.mark.parametrize("url", OUTSIDE)
def test_outside_of_what_is_allowed(url):
    assert not Address.of(url).is_below(ALLOWED)


@pytest.mark.parametrize("url", NONE)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(RefusedError):
        Address.of(url)


@pytest.mark.parametrize(
    ("link", "there"),
    [
        ("af.html", "https://www.example.org/guidelines/af.html"),  # beside
        ("/x", "https://www.example.org/x"),  # from the top
        ("//evil.net/x", "https://evil.net/x"),  # of another host: allowed by nobody
        ("?page=2", "https://www.example.org/guidelines/a?page=2"),  # another query
    ],
)
def test_a_link_stands_at_the_page_that_has_it(link, there):
    assert str(Address.of(link, Address.of("https://www.example.org/guidelines/a"))) == there


def test_a_folder_in_the_allow_list_is_not_the_page_of_its_name():
    assert not Address.of("https://www.example.org/a").is_below(Address.of("https://www.example.org/a/"))


@pytest.mark.parametrize(
    ("address", "public", "own"),
    [
        ("93.184.216.34", True, True),  # somewhere
        ("2606:2800:220:1:248:1893:25c8:1946", True, True),  # somewhere, IPv6
        ("64:ff9b::5db8:d822", True, True),  # the same behind NAT64
        ("127.0.0.1", False, True),  # this machine
        ("127.8.8.8", False, True),  # this machine, all of 127/8
        ("::1", False, True),  # this machine, IPv6
        ("10.0.0.1", False, True),  # private
        ("172.16.0.1", False, True),
        ("192.168.1.1", False, True),
        ("fd00::1", False, True),  # private, IPv6
        ("::ffff:10.0.0.1", False, True),  # private, mapped
        ("::ffff:127.0.0.1", False, True),  # this machine, mapped
        ("64:ff9b::a00:1", False, True),  # private, behind NAT64
        ("100.64.0.1", False, False),  # a carrier's
        ("169.254.169.254", False, False),  # a cloud's credentials, never
        ("::ffff:169.254.169.254", False, False),  # the same, mapped
        ("64:ff9b::a9fe:a9fe", False, False),  # the same, behind NAT64
        ("168.63.129.16", False, False),  # Azure's, in a public range
        ("64:ff9b::a83f:8110", False, False),  # the same, behind NAT64
        ("fd00:ec2::254", False, False),  # Amazon's, in a private range
        ("100.100.100.200", False, False),  # Alibaba's
        ("fec0::1", False, False),  # site-local, given up
        ("64:ff9b:1::7f00:1", False, False),  # NAT64 of one's own, to this machine
        ("::127.0.0.1", False, False),  # compatible, given up
        ("::ffff:0:127.0.0.1", False, False),  # translated
        ("5f00::1", False, False),  # of segment routing
        ("fe80::1", False, False),  # a neighbour
        ("fe80::1%eth0", False, False),  # with its zone
        ("2002:a00:1::1", False, False),  # 6to4 to 10.0.0.1
        ("2001:0:1::1", False, False),  # Teredo
        ("0.0.0.0", False, False),  # none, which means this machine
        ("::", False, False),
        ("224.0.0.1", False, False),  # many
        ("ff02::1", False, False),
        ("255.255.255.255", False, False),  # all
        ("localhost", False, False),  # no number
    ],
)
def test_which_machines_may_be_connected_to(address, public, own):
    assert (is_open(address, private=False), is_open(address, private=True)) == (public, own)


@pytest.mark.parametrize("found", [[], ["93.184.216.34", "10.0.0.1"], ["169.254.169.254"]])
def test_one_closed_machine_closes_the_host(found):
    with pytest.raises(SourceError, match="private_addresses"):
        checked(found, private=False)
