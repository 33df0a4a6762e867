"""Text that somebody else wrote: which of it may become a link."""

import pytest

from scoring.files.messages import link_of


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.org/policy?a=1&b=2#s4", "https://example.org/policy?a=1&b=2#s4"),
        (" HTTP://example.org ", "HTTP://example.org"),
        ("https://example.org/Zoë", "https://example.org/Zo%C3%AB"),
        *(
            (text, "")
            for text in (
                "",
                "policy.pdf",
                "javascript:alert(1)",
                "file:///etc/passwd",
                "ftp://example.org/a",
                "mailto:a@example.org",
                "data:text/html,x",
                "//example.org",
                "https:example.org",
                "https://",
                "https://:80/",
                "https://example.org:99999/",
                "http://[x]/",
                "See https://example.org",
                "https://example.org/a b",
                'https://example.org/"onclick="x',
                "https://example.org/<b>",
                "https://example.org/\u202egpj.exe",
                "https://example.org/\u200bx",
                "https://example.org/\nx",
            )
        ),
    ],
)
def test_only_what_is_http_or_https_as_a_whole_and_shows_as_it_is_becomes_a_link(text: str, address: str) -> None:
    assert link_of(text) == address
