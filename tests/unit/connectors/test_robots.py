"""What robots.txt allows, by the examples of RFC 9309."""

import pytest

from ragslm_connectors.generic._robots import Robots

RULES = """
# a comment
User-agent: other
Disallow: /

User-Agent: *
Disallow: /private/   # not this
Allow: /private/open
Disallow: /*.pdf$
Disallow: /search*order=
Crawl-delay: 2.5
"""


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        ("/", True),  # no rule
        ("/private", True),  # the rule has a slash
        ("/private/a", False),  # below
        ("/private/open/a", True),  # the longer rule decides
        ("/a/b.pdf", False),  # anything, then the end
        ("/a/b.pdf?x=1", True),  # not at the end
        ("/search?q=1&order=up", False),  # anything between
        ("/search?q=1", True),  # not all of it
    ],
)
def test_rules(target, allowed):
    assert Robots(RULES).allows(target) is allowed


def test_our_own_group_counts_alone():
    rules = Robots("User-agent: *\nDisallow: /\n\nUser-agent: RAGSLM\nUser-agent: b\nDisallow: /a\n")
    assert (rules.allows("/b"), rules.allows("/a")) == (True, False)


@pytest.mark.parametrize(
    ("rule", "target", "allowed"),
    [
        ("/private", "/%70rivate", False),  # a letter, encoded in the address
        ("/%70rivate", "/private", False),  # or in the rule
        ("/b\u00e9", "/b%C3%A9", False),  # beyond ASCII in the rule
        ("/b%c3%a9", "/b\u00e9", False),  # or in the address
        ("/a%3cd", "/a%3Cd", False),  # small digits
        ("/a%2Fb", "/a/b", True),  # an encoded slash is no slash
        ("/a%2A", "/a*", False),  # a star that is none of a pattern
        ("/a%2A", "/ab", True),
        ("/a$b", "/a$b", False),  # a dollar that is not the end
        ("/a%24", "/a$", False),
    ],
)
def test_one_octet_has_one_spelling(rule, target, allowed):
    """RFC 9309, 2.2.2."""
    assert Robots(f"User-agent: *\nDisallow: {rule}").allows(target) is allowed


@pytest.mark.parametrize("name", ["ragslm/1.0", "RagSLM (+https://example.org)", "ragslm"])
def test_our_name_is_known_with_a_version(name):
    rules = Robots(f"User-agent: *\nDisallow:\n\nUser-agent: {name}\nDisallow: /\n")
    assert not rules.allows("/x")


def test_a_longer_name_is_another_ones():
    assert Robots("User-agent: ragslm-other\nDisallow: /\n").allows("/x")


@pytest.mark.parametrize(
    "text", ["", "Disallow: /", "User-agent: *\nDisallow:", "\ufeffUser-agent: x\nDisallow: /"]
)
def test_what_excludes_nothing(text):
    assert Robots(text).allows("/a")


def test_allow_wins_where_two_are_equal():
    assert Robots("User-agent: *\nDisallow: /a\nAllow: /a").allows("/a")


@pytest.mark.parametrize(("said", "delay"), [("2.5", 2.5), ("9999", 30.0), ("-1", 0.0), ("soon", 0.0)])
def test_delay(said, delay):
    assert Robots(f"User-agent: *\nCrawl-delay: {said}").delay == delay


def test_a_pattern_of_many_stars_costs_no_time():
    assert Robots("User-agent: *\nDisallow: /" + "*a" * 500 + "$").allows("/" + "a" * 400 + "b")
