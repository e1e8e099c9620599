"""Writes ``base.docx``: the styles of a report and nothing else, as NĐ 30/2020/NĐ-CP Annex I sets them.

Run ``python -m report_templates.make_base`` after a change here; a test holds the committed file to it.
The file holds no wording. Style names are Vietnamese because staff meet them in Word; the ids are what the
renderer uses.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FONT = "Times New Roman"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EPOCH = (1980, 1, 1, 0, 0, 0)
_INDENT = 720
"""First line indent of 1,27 cm, in twentieths of a point."""


@dataclass(frozen=True)
class Style:
    """A paragraph style; sizes, spaces and indents in points, ``line`` in lines."""

    style_id: str
    name: str
    size: float = 14
    bold: bool = False
    italic: bool = False
    align: str = "left"
    before: float = 0
    after: float = 0
    line: float = 1.0
    first_line: int = 0
    left: int = 0
    right: int = 0
    extra: str = ""
    """Further paragraph properties that the schema places before spacing: keepNext, borders, shading."""
    outline: int | None = None
    colour: str = "000000"
    caps: bool = False
    """Shown in capitals, however it is written."""

    def xml(self) -> str:
        """The style element."""
        indent = f'<w:ind w:left="{self.left}" w:right="{self.right}" w:firstLine="{self.first_line}"/>'
        outline = "" if self.outline is None else f'<w:outlineLvl w:val="{self.outline}"/>'
        weight = ("<w:b/><w:bCs/>" if self.bold else "") + ("<w:i/><w:iCs/>" if self.italic else "")
        weight += "<w:caps/>" if self.caps else ""
        size = round(self.size * 2)
        is_base = self.style_id == "Normal"
        built_in = self.name.isascii()
        kind = 'w:default="1" ' if is_base else "" if built_in else 'w:customStyle="1" '
        return (
            f'<w:style w:type="paragraph" {kind}w:styleId="{self.style_id}">'
            f'<w:name w:val="{self.name}"/>'
            + ("" if is_base else '<w:basedOn w:val="Normal"/>')
            + "<w:qFormat/>"
            f"<w:pPr>{self.extra}"
            f'<w:spacing w:before="{round(self.before * 20)}" w:after="{round(self.after * 20)}" '
            f'w:line="{round(self.line * 240)}" w:lineRule="auto"/>'
            f'{indent}<w:jc w:val="{self.align}"/>{outline}</w:pPr>'
            f'<w:rPr>{weight}<w:color w:val="{self.colour}"/>'
            f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
        )


def _box(size: int, space: int = 4) -> str:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right")
    )
    return f"<w:pBdr>{sides}</w:pBdr>"


_BAR = '<w:pBdr><w:left w:val="single" w:sz="18" w:space="6" w:color="000000"/></w:pBdr>'
_KEEP = "<w:keepNext/><w:keepLines/>"
_BODY: dict[str, Any] = {"align": "both", "before": 3, "after": 3, "line": 1.15}

STYLES: tuple[Style, ...] = (
    Style("Normal", "Normal"),
    # header block
    Style("ParentBody", "Cơ quan chủ quản", 12, align="center"),
    Style("IssuingBody", "Cơ quan ban hành", 12, bold=True, align="center"),
    Style("StateName", "Quốc hiệu", 12, bold=True, align="center"),
    Style("Motto", "Tiêu ngữ", 13, bold=True, align="center"),
    Style("DocumentNumber", "Số, ký hiệu", 13, align="center", before=4),
    Style("PlaceAndDate", "Địa danh và thời gian", 13, italic=True, align="center", before=4),
    Style("DraftMark", "Dấu dự thảo", 13, bold=True, align="center", extra=_box(12, 3)),
    Style("ShortRule", "Đường kẻ", 2, align="center"),
    Style("Title", "Title", 14, bold=True, align="center", before=18),
    Style("Subtitle", "Subtitle", 14, bold=True, align="center"),
    # text
    Style("Heading1", "heading 1", 14, True, align="both", before=9, after=3, line=1.15, first_line=_INDENT, extra=_KEEP, outline=0),
    Style("Heading2", "heading 2", 14, True, align="both", before=6, after=3, line=1.15, first_line=_INDENT, extra=_KEEP, outline=1),
    Style("Heading3", "heading 3", 14, True, True, align="both", before=6, after=3, line=1.15, first_line=_INDENT, extra=_KEEP, outline=2),
    Style("BodyText", "Body Text", 14, first_line=_INDENT, **_BODY),
    Style("List", "List", 14, first_line=_INDENT, **_BODY),
    Style("List2", "List 2", 14, first_line=_INDENT, left=284, **_BODY),
    Style("Note", "Ghi chú", 13, italic=True, align="both", before=3, after=3, first_line=_INDENT),
    Style("Warning", "Cảnh báo số liệu", 14, italic=True, align="both", before=6, after=6, left=_INDENT, extra=_KEEP.replace("<w:keepNext/>", "") + _BAR),
    Style("Stamp", "Lưu ý số liệu", 13, align="both", left=113, right=113, extra=_box(8) + '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>'),
    Style("Chart", "Biểu đồ", align="center", before=6, extra="<w:keepNext/>"),
    # tables
    Style("Caption", "caption", 13, bold=True, align="center", before=9, after=3, extra=_KEEP),
    Style("TableUnit", "Đơn vị tính", 12, italic=True, align="right", before=2, after=2, extra=_KEEP),
    Style("TableHeader", "Đầu cột", 11, bold=True, align="center", before=1, after=1),
    Style("ColumnNumber", "Số thứ tự cột", 10, italic=True, align="center"),
    Style("TableText", "Chữ trong bảng", 12, before=1, after=1),
    Style("TableCentred", "Số thứ tự trong bảng", 12, align="center", before=1, after=1),
    Style("TableNumber", "Số trong bảng", 12, align="right", before=1, after=1),
    Style("TableNote", "Ghi chú dưới bảng", 11, italic=True, align="both", before=2),
    Style("FormBox", "Ô biểu mẫu", 11, extra=_KEEP),
    Style("AnnexNumber", "Số phụ lục", 14, bold=True, align="center", extra=_KEEP),
    Style("AnnexTitle", "Tên phụ lục", 13, bold=True, caps=True, align="center", extra=_KEEP),
    Style("AnnexReference", "Căn cứ phụ lục", 14, italic=True, align="center", after=4, extra=_KEEP),
    # foot
    Style("RecipientsHead", "Nơi nhận", 12, bold=True, italic=True),
    Style("Recipients", "Danh sách nơi nhận", 11),
    Style("SignerRole", "Chức vụ người ký", 14, bold=True, align="center"),
    Style("SignerName", "Họ tên người ký", 14, bold=True, align="center"),
    Style("Header", "header", 13, align="center"),
    Style("PageStamp", "Lưu ý trên từng trang", 11, italic=True, align="center"),
    Style("Hairline", "Đoạn ngăn cách", 1),
)  # fmt: skip


def _styles() -> str:
    fonts = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
    language = '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/>'
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = (
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="57" w:type="dxa"/>'
        '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
    )
    no_margins = margins.replace('w:w="57"', 'w:w="0"')
    return (
        f'{_DECLARATION}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts}'
        f'<w:sz w:val="28"/><w:szCs w:val="28"/>{language}</w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
        + "".join(style.xml() for style in STYLES)
        + '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        f'<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{no_margins}'
        "</w:tblPr></w:style>"
        '<w:style w:type="table" w:customStyle="1" w:styleId="ReportTable"><w:name w:val="Bảng báo cáo"/>'
        f'<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders>{borders}</w:tblBorders>{margins}'
        "</w:tblPr></w:style></w:styles>"
    )


def _theme() -> str:
    """The plainest theme that Word accepts: one font, black and greys."""
    colours = {"dk1": "000000", "lt1": "FFFFFF", "dk2": "333333", "lt2": "F2F2F2", "accent1": "1F4E79", "accent2": "7F7F7F",
               "accent3": "404040", "accent4": "A6A6A6", "accent5": "595959", "accent6": "D9D9D9",
               "hlink": "1F4E79", "folHlink": "595959"}  # fmt: skip
    palette = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in colours.items())
    font = f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Mot Cua"><a:themeElements>'
        f'<a:clrScheme name="Mot Cua">{palette}</a:clrScheme><a:fontScheme name="Mot Cua">'
        f"<a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Mot Cua"><a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{line * 3}</a:lnStyleLst>'
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    )


_PARTS: dict[str, str] = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
        '<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>'
        '<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>'
        '<Override PartName="/word/fontTable.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"/>'
        '<Override PartName="/word/theme/theme1.xml" ContentType="application/vnd.openxmlformats-officedocument.theme+xml"/>'
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        "</Relationships>"
    ),
    "docProps/core.xml": (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        '<dcterms:created xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:created>'
        '<dc:language>vi-VN</dc:language></cp:coreProperties>'
    ),
    "word/_rels/document.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings" Target="settings.xml"/>'
        '<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/fontTable" Target="fontTable.xml"/>'
        '<Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme" Target="theme/theme1.xml"/>'
        "</Relationships>"
    ),
    "word/settings.xml": (
        f'<w:settings xmlns:w="{_W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="vi-VN"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
    ),
    "word/fontTable.xml": (
        f'<w:fonts xmlns:w="{_W}"><w:font w:name="{FONT}"><w:panose1 w:val="02020603050405020304"/><w:charset w:val="00"/>'
        '<w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    ),
    "word/theme/theme1.xml": _theme(),
    # A4 portrait; margins in mm 20 / 15 / 20 / 30 (top, right, bottom, left); two lines have room above the text
    "word/document.xml": (
        f'<w:document xmlns:w="{_W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<w:body><w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="851" w:bottom="1134" w:left="1701" w:header="425" w:footer="567" w:gutter="0"/>'
        "</w:sectPr></w:body></w:document>"
    ),
}  # fmt: skip


def base_docx() -> bytes:
    """The package; the same bytes on every call."""
    target = io.BytesIO()
    parts = {name: _DECLARATION + xml for name, xml in _PARTS.items()} | {"word/styles.xml": _styles()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, xml in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            out.writestr(entry, xml.encode("utf-8"))
    return target.getvalue()


if __name__ == "__main__":
    Path(__file__).with_name("base.docx").write_bytes(base_docx())
