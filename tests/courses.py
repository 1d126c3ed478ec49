"""Strict readers of the files for courses, after the published formats.

Moodle XML and GIFT: docs.moodle.org, and the order in which Moodle's importer takes things apart.
QTI: IMS Question and Test Interoperability, ASI XML binding 1.2, the elements that are used.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

from tests.test_payloads_read_back import Strict


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer in a file: what it is, what it is worth, what is said, how near it may be."""

    text: str
    fraction: float
    told: str
    near: float | None = None


@dataclass(frozen=True, kw_only=True)
class Item:
    """A question in a file."""

    name: str
    text: str
    answers: tuple[Answer, ...]


class Inside(Strict):
    """HTML inside a question."""

    ELEMENTS = Strict.ELEMENTS | {"div", "span", "p", "pre"}
    ATTRIBUTE = re.compile(r"text-align: (left|right)|\d+|m|t")

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, [("style", value) for _, value in attributes])


def words(text: str) -> str:
    """Return the words of HTML, which must be well-formed."""
    reader = Inside()
    reader.feed(text)
    reader.close()
    assert not reader.faults, (reader.faults, text)
    assert not reader.opened, text
    return html.unescape(re.sub(r"<[^>]+>", "", text)).strip()


def texted(element: ElementTree.Element | None) -> str:
    """Return what stands in the one <text> of an element."""
    assert element is not None
    assert [child.tag for child in element] == ["text"], element.tag
    return element[0].text or ""


#: Elements that every question of Moodle has, in order, and those of each type after them.
MOODLE = ["name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden"]
AFTER = {
    "numerical": ["unitgradingtype", "unitpenalty", "showunits", "unitsleft"],
    "multichoice": ["single", "shuffleanswers", "answernumbering", "correctfeedback",
                    "partiallycorrectfeedback", "incorrectfeedback"],
}  # fmt: skip


def moodle(text: str) -> list[Item]:
    """Read Moodle XML."""
    root = ElementTree.fromstring(text.encode())
    assert root.tag == "quiz"
    first, *rest = root
    assert first.attrib == {"type": "category"}
    assert texted(first[0]).startswith("$course$/")
    return [_moodle(question) for question in rest]


def _moodle(question: ElementTree.Element) -> Item:
    kind = question.attrib["type"]
    tags = [child.tag for child in question if child.tag not in ("answer", "hint")]
    assert tags == MOODLE + AFTER[kind]
    numerical = kind == "numerical"
    answers = [_moodle_answer(one, numerical=numerical) for one in question.iter("answer")]
    assert [one.fraction for one in answers].count(100) == 1
    if numerical:
        assert answers[0].fraction == 100  # they are tried in order
        assert answers[-1].text == "*"
        assert [question.findtext(tag) for tag in ("unitgradingtype", "showunits")] == ["0", "3"]
    else:
        assert question.findtext("single") == "true"
        assert question.findtext("answernumbering") in ("none", "abc", "ABCD", "123")
        assert len({one.text for one in answers}) == len(answers) > 1
    assert 0 <= float(question.findtext("penalty") or "") <= 1
    assert [words(texted(hint)) != "" for hint in question.iter("hint")] == [True, True]
    words(texted(question.find("generalfeedback")))
    return Item(
        name=texted(question.find("name")),
        text=words(texted(question.find("questiontext"))),
        answers=tuple(answers),
    )


def _moodle_answer(answer: ElementTree.Element, *, numerical: bool) -> Answer:
    tags = [child.tag for child in answer]
    assert tags == ["text", "feedback", *(["tolerance"] if numerical else [])]
    assert answer.attrib["format"] == ("moodle_auto_format" if numerical else "html")
    text = answer.findtext("text") or ""
    near = None
    if numerical:
        near = float(answer.findtext("tolerance") or "")
        assert text == "*" or (abs(float(text)) < 1e9 and near > 0)
    return Answer(
        text=text if numerical else words(text),
        fraction=float(answer.attrib["fraction"]),
        told=words(texted(answer.find("feedback"))),
        near=near,
    )


def gift(text: str) -> list[Item]:
    """Read GIFT as Moodle does: blank lines part questions, escaped signs are put aside first."""
    category, *blocks = [block.strip() for block in re.split(r"\n\s*\n", text)]
    assert category.startswith("$CATEGORY: $course$/")
    return [_gift(block) for block in blocks]


_ASIDE = {f"\\{sign}": chr(0xE000 + k) for k, sign in enumerate("~=#{}:\\n")}


def _gift(block: str) -> Item:
    block = re.sub(r"\\.", lambda found: _ASIDE[found[0]], block)
    match = re.fullmatch(r"::([^:]*)::\[html\]([^{}]*)\{([^{}]*)\}", block)
    assert match, block
    name, asked, answers = match.groups()
    answers, _, general = answers.strip().rpartition("####")
    words(_back(general))
    if answers.startswith("#"):
        found = _numbers(answers[1:])
    else:
        found = [
            Answer(text=words(_back(text)), fraction=100.0 if sign == "=" else 0.0,
                   told=words(_back(told)))
            for sign, text, told in re.findall(r"([=~])([^=~#]*)#([^=~#]*)", answers)
        ]  # fmt: skip
    assert [one.fraction for one in found].count(100) == 1
    return Item(name=_back(name), text=words(_back(asked)), answers=tuple(found))


def _numbers(answers: str) -> list[Answer]:
    listed, _, rest = answers.partition("~")
    found = []
    for part in listed.split("=")[1:]:
        weight = re.match(r"%(\d+)%", part)
        number, _, told = part[weight.end() if weight else 0 :].strip().partition("#")
        text, near = number.split(":")
        found.append(
            Answer(text=text, fraction=float(weight[1]) if weight else 100.0, told=_back(told),
                   near=float(near))
        )  # fmt: skip
    return [*found, Answer(text="*", fraction=0.0, told=_back(rest.removeprefix("#")))]


def _back(text: str) -> str:
    for escaped, sign in _ASIDE.items():
        text = text.replace(sign, "\n" if escaped == r"\n" else escaped[1])
    return text.strip()


#: Element of QTI → the elements that it may have, in order, as a pattern over their names.
QTI = {
    "questestinterop": "assessment ", "assessment": "section ", "section": "(item )+",
    "item": "itemmetadata presentation resprocessing (itemfeedback )+",
    "itemmetadata": "qtimetadata ", "qtimetadata": "(qtimetadatafield )+",
    "qtimetadatafield": "fieldlabel fieldentry ", "fieldlabel": "", "fieldentry": "",
    "presentation": "material (response_lid |response_str )",
    "response_lid": "render_choice ", "render_choice": "(response_label )+",
    "response_str": "render_fib ", "render_fib": "(response_label )+",
    "response_label": "(material )?", "material": "mattext ", "mattext": "",
    "resprocessing": "outcomes (respcondition )+", "outcomes": "decvar ", "decvar": "",
    "respcondition": "conditionvar (setvar )?(displayfeedback )?",
    "conditionvar": "(varequal |other |vargte varlte )", "varequal": "", "other": "",
    "vargte": "", "varlte": "", "setvar": "", "displayfeedback": "",
    "itemfeedback": "flow_mat ", "flow_mat": "material ",
}  # fmt: skip

#: Element of QTI → the attributes that it must have.
GIVEN = {
    "assessment": {"ident", "title"}, "section": {"ident"}, "item": {"ident", "title"},
    "response_lid": {"ident", "rcardinality"}, "response_str": {"ident", "rcardinality"},
    "response_label": {"ident"}, "itemfeedback": {"ident"}, "mattext": {"texttype"},
    "varequal": {"respident"}, "vargte": {"respident"}, "varlte": {"respident"},
    "setvar": {"action", "varname"}, "displayfeedback": {"feedbacktype", "linkrefid"},
    "decvar": {"varname", "vartype", "minvalue", "maxvalue"}, "respcondition": {"continue"},
    "render_fib": {"fibtype"},
}  # fmt: skip


def qti(text: str) -> list[Item]:
    """Read QTI 1.2."""
    root = ElementTree.fromstring(text.encode())
    space = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
    for element in root.iter():
        assert element.tag.startswith(space), element.tag
        element.tag = element.tag.removeprefix(space)
    for element in root.iter():
        inner = "".join(f"{child.tag} " for child in element)
        assert re.fullmatch(QTI[element.tag], inner), (element.tag, inner)
        assert GIVEN.get(element.tag, set()) == {k for k in element.attrib if "}" not in k}
    items = list(root.iter("item"))
    assert len({item.attrib["ident"] for item in items}) == len(items)
    return [_qti(item) for item in items]


def _qti(item: ElementTree.Element) -> Item:
    told = {one.attrib["ident"]: words(one.findtext("flow_mat/material/mattext") or "")
            for one in item.iter("itemfeedback")}  # fmt: skip
    shown = item.find("presentation")
    assert shown is not None
    labels = {one.attrib["ident"]: words(one.findtext("material/mattext") or "")
              for one in shown.iter("response_label")}  # fmt: skip
    feedback: dict[str | None, str] = {}
    right = []
    for condition in item.iter("respcondition"):
        letter = condition.findtext("conditionvar/varequal")
        link = condition.find("displayfeedback")
        if link is not None:
            feedback[letter] = told.pop(link.attrib["linkrefid"])
        if condition.find("setvar") is not None:
            assert condition.findtext("setvar") == "100"
            right.append(letter)
    assert not told  # all of it is shown
    assert len(right) == 1
    assert right[0] in labels or shown.find("response_str") is not None
    assert len(set(labels.values())) == len(labels)
    found: list[Answer] = []
    if shown.find("response_str") is not None:
        low, high = (float(item.findtext(f".//{tag}") or "") for tag in ("vargte", "varlte"))
        text, labels, right = f"{(low + high) / 2:.9g}", {}, []
        found = [Answer(text=text, fraction=100.0, told="", near=(high - low) / 2)]
    answers = found + [
        Answer(text=text, fraction=100.0 if letter in right else 0.0, told=feedback.get(letter, ""))
        for letter, text in labels.items()
    ]
    return Item(
        name=item.attrib["title"],
        text=words(shown.findtext("material/mattext") or ""),
        answers=tuple(answers),
    )


def canvas(content: bytes) -> list[Item]:
    """Read a package: its manifest names the one file that is in it besides."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
        space = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
        tags = [child.tag.removeprefix(space) for child in manifest]
        assert tags == ["metadata", "organizations", "resources"]
        (resource,) = manifest.iter(f"{space}resource")
        assert resource.attrib["type"] == "imsqti_xmlv1p2"
        (file,) = resource.iter(f"{space}file")
        assert set(archive.namelist()) == {"imsmanifest.xml", file.attrib["href"]}
        return qti(archive.read(file.attrib["href"]).decode())
