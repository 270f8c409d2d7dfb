"""Workbooks made by hand, part by part, so that they can be as bad as somebody wants them to be."""

import io
import zipfile
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def text(value):
    return f't="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is>'


def number(value, style=0):
    return f's="{style}"><v>{value}</v>'


def cell(content, reference=""):
    return f"<c{f' r={chr(34)}{reference}{chr(34)}' if reference else ''} {content}</c>"


def letters(column):
    """From 0: `A`, `AB`."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def row(line, contents):
    """`contents`: of the cells from A on; None for none."""
    cells = (cell(content, f"{letters(n)}{line}") for n, content in enumerate(contents) if content is not None)
    return f'<row r="{line}">{"".join(cells)}</row>'


def sheet(*rows, before="", after=""):
    data = f"{before}<sheetData>{''.join(rows)}</sheetData>{after}"
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">{data}</worksheet>'


def table_sheet(rows):
    """Of texts."""
    return sheet(*(row(n, [text(value) for value in values]) for n, values in enumerate(rows, 1)))


def workbook(
    sheets, *, formats=(), strings=None, states=None, properties="", more=None, compression=zipfile.ZIP_DEFLATED
):
    """The bytes. `sheets`: XML by name; `formats`: codes of the styles 1, 2...; `strings`: XML of the `si`."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
    }
    listed, related = [], []
    for index, (name, xml) in enumerate(sheets.items(), 1):
        state = (states or {}).get(name)
        listed.append(
            f'<sheet name="{escape(name)}" sheetId="{index}" {f"state={chr(34)}{state}{chr(34)}" if state else ""} '
            f'r:id="rId{index}"/>'
        )
        related.append(
            f'<Relationship Id="rId{index}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{index}.xml"/>'
        )
        parts[f"xl/worksheets/sheet{index}.xml"] = xml
    numbers = "".join(f'<numFmt numFmtId="{164 + n}" formatCode="{escape(code)}"/>' for n, code in enumerate(formats))
    styles = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(formats)))
    parts["xl/styles.xml"] = (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{numbers}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
        f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs><cellStyles/></styleSheet>'
    )
    related.append(f'<Relationship Id="rIdS" Type="{RELATIONS}/styles" Target="/xl/styles.xml"/>')
    if strings is not None:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
        related.append(f'<Relationship Id="rIdT" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>')
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{PACKAGE}">{"".join(related)}</Relationships>'
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr {properties}/>'
        f"<sheets>{''.join(listed)}</sheets></workbook>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, xml in (parts | (more or {})).items():
            archive.writestr(name, xml)
    return file.getvalue()
