r"""Which names ``\p{…}`` may hold, since which Go, and what RE2 calls the same class.

The servers take the names that the Go they are built with knows, and RE2 knows but most of them.
Measured with promtool 2.42, 2.53 and 3.5 and amtool 0.25, 0.28 and 0.33, built with Go 1.19, 1.24
and 1.27: each takes and refuses the same as the tool beside it. What characters a class has is
RE2's word here, whose Unicode is version 15; Go 1.19 has 13, Go 1.24 has 15, Go 1.27 has 17.
"""

from __future__ import annotations

import functools
import re
from enum import IntEnum
from typing import Final, NamedTuple

from buckstop.language.oracle import characters_of


class GoRelease(IntEnum):
    """The Go that servers were measured with: from which on something is taken."""

    GO_1_19 = 119
    GO_1_24 = 124
    GO_1_27 = 127


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OF_GO_1_19: Final = _names("""
    C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So
    Z Zl Zp Zs Any
    Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali
    Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian
    Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform Cypriot Cyrillic Deseret Devanagari
    Dives_Akuru Dogra Duployan Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Georgian Glagolitic
    Gothic Grantha Greek Gujarati Gunjala_Gondi Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo Hatran
    Hebrew Hiragana Imperial_Aramaic Inherited Inscriptional_Pahlavi Inscriptional_Parthian Javanese
    Kaithi Kannada Katakana Kayah_Li Kharoshthi Khitan_Small_Script Khmer Khojki Khudawadi Lao Latin
    Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic Manichaean
    Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive
    Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean Nandinagari New_Tai_Lue
    Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Old_Hungarian Old_Italic Old_North_Arabian
    Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Oriya Osage Osmanya Pahawh_Hmong
    Palmyrene Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra
    Sharada Shavian Siddham SignWriting Sinhala Sogdian Sora_Sompeng Soyombo Sundanese Syloti_Nagri
    Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangut Telugu Thaana Thai Tibetan
    Tifinagh Tirhuta Ugaritic Vai Wancho Warang_Citi Yezidi Yi Zanabazar_Square
""")
_OF_GO_1_24: Final = _names("Cypro_Minoan Kawi Nag_Mundari Old_Uyghur Tangsa Toto Vithkuqi")

_ALIASES: Final = re.compile(r"(\w+)=(\w+)").findall("""
    C=Other Cc=Control Cc=cntrl Cf=Format Cn=Unassigned Co=Private_Use Cs=Surrogate L=Letter
    LC=Cased_Letter Ll=Lowercase_Letter Lm=Modifier_Letter Lo=Other_Letter Lt=Titlecase_Letter
    Lu=Uppercase_Letter M=Mark M=Combining_Mark Mc=Spacing_Mark Me=Enclosing_Mark
    Mn=Nonspacing_Mark N=Number Nd=Decimal_Number Nd=digit Nl=Letter_Number No=Other_Number
    P=Punctuation P=punct Pc=Connector_Punctuation Pd=Dash_Punctuation Pe=Close_Punctuation
    Pf=Final_Punctuation Pi=Initial_Punctuation Po=Other_Punctuation Ps=Open_Punctuation S=Symbol
    Sc=Currency_Symbol Sk=Modifier_Symbol Sm=Math_Symbol So=Other_Symbol Z=Separator
    Zl=Line_Separator Zp=Paragraph_Separator Zs=Space_Separator
""")
"""Categories by their short and their long names."""
_EVERY_ASSIGNED: Final = r"\pC\pL\pM\pN\pP\pS\pZ"
_SPELT_OUT: Final = {
    "ASCII": r"\x00-\x7F",
    "Assigned": _EVERY_ASSIGNED,
    "LC": r"\p{Lu}\p{Ll}\p{Lt}",
    "Beria_Erfe": r"\x{16EA0}-\x{16EB8}\x{16EBB}-\x{16ED3}",
    "Garay": r"\x{10D40}-\x{10D65}\x{10D69}-\x{10D85}\x{10D8E}\x{10D8F}",
    "Gurung_Khema": r"\x{16100}-\x{16139}",
    "Kirat_Rai": r"\x{16D40}-\x{16D79}",
    "Ol_Onal": r"\x{1E5D0}-\x{1E5FA}\x{1E5FF}",
    "Sidetic": r"\x{10940}-\x{10959}",
    "Sunuwar": r"\x{11BC0}-\x{11BE1}\x{11BF0}-\x{11BF9}",
    "Tai_Yo": r"\x{1E6C0}-\x{1E6DE}\x{1E6E0}-\x{1E6F5}\x{1E6FE}\x{1E6FF}",
    "Todhri": r"\x{105C0}-\x{105F3}",
    "Tolong_Siki": r"\x{11DB0}-\x{11DDB}\x{11DE0}-\x{11DE9}",
    "Tulu_Tigalari": (
        r"\x{11380}-\x{11389}\x{1138B}\x{1138E}\x{11390}-\x{113B5}\x{113B7}-\x{113C0}\x{113C2}"
        r"\x{113C5}\x{113C7}-\x{113CA}\x{113CC}-\x{113D5}\x{113D7}\x{113D8}\x{113E1}\x{113E2}"
    ),
}
"""Classes that RE2 has no name for, as what stands between brackets; `Cn` is all but assigned.

The scripts are those of Unicode 16 and 17, as amtool 0.33 finds them in a text of all characters.
"""


def _canonical(name: str) -> str:
    """What Go, since it no longer looks at case, blanks, hyphens and underscores, looks up."""
    return re.sub("[-_ ]", "", name).lower() if name.isascii() else name


CLASS_NAMES: Final = {name: name for name in (*_OF_GO_1_19, *_OF_GO_1_24, *_SPELT_OUT, "Cn")} | {
    alias: short for short, alias in _ALIASES
}
"""Every name that the newest Go knows, with the one that is looked up here."""
_INEXACT: Final = {_canonical(name): known for name, known in CLASS_NAMES.items()}

_TOKEN: Final = re.compile(
    r"""
      \\Q .*? (?:\\E|\Z)
    | \[\^?\]? (?:\[:[^\]]*:\]|\\.|[^\]\\])* (?:\]|\Z)  # one that is not closed stays so
    | \(\?<[A-Za-z0-9_]+>
    | \\[pP](?:\{[^}]*\}|.)
    | \\[^pP]
    """,
    re.VERBOSE | re.DOTALL,
)
_WITHIN_BRACKETS: Final = re.compile(r"\\[pP](?:\{[^}]*\}|.)|\\[^pP]", re.DOTALL)
_PERHAPS_NEWER: Final = re.compile(r"\\[pP]|\(\?<")


class Newer(NamedTuple):
    """Something in a pattern that only newer releases of Go take."""

    what: str
    since: GoRelease


def newer_syntax(pattern: str) -> tuple[Newer, ...]:
    """What older servers refuse of `pattern`, which the newest take; each once, in its order."""
    if _PERHAPS_NEWER.search(pattern) is None:
        return ()
    found: dict[Newer, None] = {}
    for token in _TOKEN.finditer(pattern):
        text = token[0]
        if text.startswith("(?<"):
            found[Newer(f"a group named by '{text}'", GoRelease.GO_1_24)] = None
        elif not text.startswith(r"\Q"):
            for part in _WITHIN_BRACKETS.findall(text):
                since = _since(part)
                if since > GoRelease.GO_1_19:
                    found[Newer(f"the class '{part}'", since)] = None
    return tuple(found)


def _since(part: str) -> GoRelease:
    if not part.startswith((r"\p", r"\P")):
        return GoRelease.GO_1_19
    _, name = _negated_and_name(part)
    if name in _OF_GO_1_24:
        return GoRelease.GO_1_24
    is_newest = name not in _OF_GO_1_19 and _canonical(name) in _INEXACT
    return GoRelease.GO_1_27 if is_newest else GoRelease.GO_1_19


def as_re2(pattern: str) -> str:
    """`pattern` with the classes that the newest Go knows written so that RE2 takes them.

    One that no release knows stays, for RE2 to refuse.
    """
    if r"\p" not in pattern and r"\P" not in pattern:
        return pattern
    return _TOKEN.sub(_token_as_re2, pattern)


def _token_as_re2(token: re.Match[str]) -> str:
    text = token[0]
    if text.startswith("["):
        return _WITHIN_BRACKETS.sub(lambda part: _class_as_re2(part[0], in_brackets=True), text)
    return _class_as_re2(text, in_brackets=False)


@functools.lru_cache(maxsize=1_024)
def _class_as_re2(part: str, *, in_brackets: bool) -> str:
    """A class for RE2; what is none, or is one of RE2's own, as it stands."""
    if not part.startswith((r"\p", r"\P")):
        return part
    is_negated, name = _negated_and_name(part)
    known = name if name in _OF_GO_1_19 or name in _OF_GO_1_24 else _INEXACT.get(_canonical(name))
    if known is None:
        return part
    spelt_out = _EVERY_ASSIGNED if known == "Cn" else _SPELT_OUT.get(known)
    if spelt_out is None:
        return rf"\{'P' if is_negated else 'p'}{{{known}}}"
    if known == "Cn":
        is_negated = not is_negated
    if not in_brackets:
        return f"[^{spelt_out}]" if is_negated else f"[{spelt_out}]"
    return _all_but(spelt_out) if is_negated else spelt_out


def _all_but(spelt_out: str) -> str:
    """Between brackets nothing can be negated: the others have to be listed."""
    others = characters_of(f"[^{spelt_out}]", folds_case=False)
    return "".join(rf"\x{{{first:X}}}-\x{{{last:X}}}" for first, last in others.intervals)


def _negated_and_name(part: str) -> tuple[bool, str]:
    name = part[3:-1] if part[2] == "{" else part[2]
    is_negated = part[1] == "P"
    if name.startswith("^"):
        return not is_negated, name[1:]
    return is_negated, name
