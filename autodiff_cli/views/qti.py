"""QTI 1.2, which Canvas and others read: each question a choice, with feedback on every answer.

Numbers are a choice too: Canvas has no feedback on a wrong number. IMS Question and Test
Interoperability, ASI XML binding 1.2; the package is IMS Content Packaging 1.1.3.
"""

from __future__ import annotations

import io
import zipfile
from html import escape

from autodiff_cli.formats.signs import Signs
from autodiff_cli.graph.printer import number
from autodiff_cli.teach.question import Question, Worksheet
from autodiff_cli.views import course

_QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
_PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"

#: When what is in a package was written: the same bytes every time.
_NEVER = (1980, 1, 1, 0, 0, 0)


def text(report: Worksheet, signs: Signs) -> str:
    """Return a worksheet as QTI.

    Args:
        report: the questions.
        signs: those of the screen, of which a course has no use.
    """
    items = "\n".join(map(_item, report.questions))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<questestinterop xmlns="{_QTI}" xmlns:xsi="{_SCHEMA}" '
        f'xsi:schemaLocation="{_QTI} {_QTI}p1.xsd">\n'
        f'<assessment ident="{_ident(report)}" title="{escape(course.title(report))}">\n'
        f'<section ident="root_section">\n{items}\n</section>\n</assessment>\n</questestinterop>\n'
    )


def package(report: Worksheet, signs: Signs) -> bytes:
    """Return the same in a package with its manifest, as Canvas imports it."""
    ident = _ident(report)
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest identifier="{ident}_manifest" xmlns="{_PACKAGE}">\n'
        "<metadata><schema>IMS Content</schema><schemaversion>1.1.3</schemaversion></metadata>\n"
        "<organizations/>\n<resources>\n"
        f'<resource identifier="{ident}" type="imsqti_xmlv1p2" href="{ident}.xml">'
        f'<file href="{ident}.xml"/></resource>\n</resources>\n</manifest>\n'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in (("imsmanifest.xml", manifest), (f"{ident}.xml", text(report, signs))):
            archive.writestr(zipfile.ZipInfo(name, _NEVER), content.encode())
    return stream.getvalue()


def _ident(report: Worksheet) -> str:
    return "autodiff_" + report.seed.replace(":", "_")


def _item(question: Question) -> str:
    key = question.key
    answers = course.choices(question)
    chosen = len(answers) > 1
    kind = "multiple_choice_question" if chosen else "numerical_question"
    fields = {"question_type": kind, "points_possible": "1"}
    metadata = "".join(
        f"<qtimetadatafield><fieldlabel>{label}</fieldlabel><fieldentry>{entry}</fieldentry>"
        "</qtimetadatafield>"
        for label, entry in fields.items()
    )
    feedback = {f"{one.letter}_fb": one.told for one in answers if one.told} if chosen else {}
    feedback["general_fb"] = course.solved(question)
    shown = "\n".join(
        f'<itemfeedback ident="{ident}"><flow_mat>{_material(content)}</flow_mat></itemfeedback>'
        for ident, content in feedback.items()
    )
    return (
        f'<item ident="q{escape(key.id)}" title="{escape(course.name(question))}">\n'
        f"<itemmetadata><qtimetadata>{metadata}</qtimetadata></itemmetadata>\n"
        f"<presentation>\n{_material(course.asked(question))}\n"
        f"{_choices(answers) if chosen else _NUMBER}\n</presentation>\n"
        f"{_processing(_chosen(answers) if chosen else _between(question))}\n{shown}\n</item>"
    )


_NUMBER = (
    '<response_str ident="response1" rcardinality="Single">'
    '<render_fib fibtype="Decimal"><response_label ident="answer1"/></render_fib></response_str>'
)


def _choices(answers: list[course.Choice]) -> str:
    labels = "\n".join(
        f'<response_label ident="{one.letter}">{_material(one.text)}</response_label>'
        for one in answers
    )
    return (
        '<response_lid ident="response1" rcardinality="Single">\n'
        f"<render_choice>\n{labels}\n</render_choice>\n</response_lid>"
    )


def _processing(conditions: str) -> str:
    general = _condition("<other/>", ident="general_fb")
    outcome = '<decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/>'
    return (
        f"<resprocessing>\n<outcomes>{outcome}</outcomes>\n{general}\n{conditions}\n"
        "</resprocessing>"
    )


def _chosen(answers: list[course.Choice]) -> str:
    told = [_condition(_equal(one.letter), ident=f"{one.letter}_fb") for one in answers if one.told]
    right = [_right(_equal(one.letter)) for one in answers if one.right]
    return "\n".join([*told, *right])


def _equal(letter: str) -> str:
    return f'<varequal respident="response1">{letter}</varequal>'


def _between(question: Question) -> str:
    """Return the condition of a number that has no named wrong answers to choose from."""
    key = question.key
    low, high = (number(float(key.answer) + side * key.tolerance) for side in (-1, 1))
    return _right(
        f'<vargte respident="response1">{low}</vargte><varlte respident="response1">{high}</varlte>'
    )


def _condition(test: str, *, ident: str) -> str:
    return (
        f'<respcondition continue="Yes"><conditionvar>{test}</conditionvar>'
        f'<displayfeedback feedbacktype="Response" linkrefid="{ident}"/></respcondition>'
    )


def _right(test: str) -> str:
    return (
        f'<respcondition continue="No"><conditionvar>{test}</conditionvar>'
        '<setvar action="Set" varname="SCORE">100</setvar></respcondition>'
    )


def _material(content: str) -> str:
    text = escape(content, quote=False)
    return f'<material><mattext texttype="text/html">{text}</mattext></material>'
