"""Random regular expressions from all that RE2 and Go know, and much that one of them refuses."""

from __future__ import annotations

import random

_PIECES = r"""
a b . \d \D \w \W \s \S \b \B \A \z \Z \C \a \f \t \n \r \v \x41 \x{41} \x{110000} \x{D800} \x4 \x
\101 \0 \08 \1 \8 \pL \pN \PL \p{Lu} \p{Greek} \p{^Greek} \p{Any} \p{L \p \p{Cs} \p{Lm} \p{Adlam}
[a-z] [^a] [z-a] [] []a] [^]a] [a [a-] [-a] [a-b-c] [\d-z] [a-\d] [[:alpha:]] [[:word:]] [[:foo:]]
[[:^alpha:]] [[a] [a-\x{D800}] [\Q]\E] [\pL] [\b] [\C] [\z] \Qa+\E \Q( \E \Qa\E* \Q\E \Q\E* ^ $ ^*
$+ (?i) (?s)a (?m)^ (?U)a+ (?-s). (?i-s:a) (?x) (?i (?:) (?P<n>a) (?P<n>b) (?P<m>a) (?P<>a)
(?P<1>a) (?P<a-b>x) (?P<é>a) (?P=n) (?P>n) (?'n'a) (?#c) (?=a) (?!a) (?<=a) (?<!a) (?>a) (a) () (?)
(a ) | * + ? a* a** a*? a*+ a++ a?? a??? a+* {1} a{1} a{1,} a{1,2} a{2,1} a{1001} a{1000} a{,2}
(?<n>a) (?<n>b) (?<1>a) \p{Kawi} \p{Toto} \p{ASCII} \P{LC} \p{greek} \p{Letter} \p{^Cn} [^\P{Cn}x]
[\P{ASCII}b] \p{Sidetic} \p{_L}
a{0} a{1 a{a} a{01} a{1}{2} a{1000}{2} (a{100}){100} (?:a{100}){11} ((a{10}){10}){10}
((a{10}){10}){11} a{-1} a{99999999999} a{1,99999999999} \E \_ \- \é é \/ \@ \" [^\x00-\x{10FFFF}]
(?^i) (?i-) (?-) (?--i) (?ii) (?i-i:a) \cA \e \g \h \R \X \G \K \N \u0041 x{2}{3}{4}{5}{9}{9} (|a)*
(a*)* ()+ (?:^)* ( ) (?: ) | * + ? {2} {100} [ ]
"""
PIECES = tuple(_PIECES.split())
DEEP = ("(", ")"), ("(?:", ")"), ("(", ")*"), ("(a|", ")"), ("(?:a", "b)?"), ("(?:", "|b)")
LIMIT = 1_000
"""Levels that Go takes; what is generated comes close to it from both sides."""


def pattern(rng: random.Random) -> str:
    """A short pattern of a few pieces, or now and then one that nests deep."""
    if rng.random() < 0.05:
        begin, end = rng.choice(DEEP)
        levels = LIMIT // rng.choice([1, 2, 3]) + rng.randint(-5, 5)
        return begin * levels + "a" + end * levels
    return "".join(rng.choices(PIECES, k=rng.choice([1, 1, 2, 2, 3, 4])))
