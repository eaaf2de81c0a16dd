"""Signs a printed paper with the certificate of the office, if it has one (PAdES B-B)."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.reports.printing.markup import drawable
from plans.reports.printing.merging import SIGNATURE
from plans.reports.printing.pdf import page

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import SimpleSigner


class SigningError(Exception):
    """The certificate cannot be used; `message` says why, in Vietnamese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def has_certificate() -> bool:
    return bool(settings.SIGNING_P12)


def sign(content: bytes, *, now: datetime) -> bytes:
    """The PDF with a signature, seen in the space above the signer's name.

    The paper itself stays byte for byte at the start of the file. Raise `SigningError`.
    """
    # Imported here: only a worker that signs needs them.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko.stamp import StaticStampStyle

    signer = certificate(now=now)
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    place, corners = _place(writer)
    field = fields.SigFieldSpec(SIGNATURE, on_page=place, box=corners)
    metadata = signers.PdfSignatureMetadata(
        field_name=SIGNATURE, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    with NamedTemporaryFile(suffix=".pdf") as picture:
        Path(picture.name).write_bytes(_picture(signer, now))
        style = StaticStampStyle.from_pdf_file(picture.name, border_width=0)
        pdf_signer = signers.PdfSigner(metadata, signer, stamp_style=style, new_field_spec=field)
        signed = pdf_signer.sign_pdf(writer)
    return bytes(signed.getbuffer())


def certificate(*, now: datetime) -> SimpleSigner:
    """The certificate of the office with its key. Raise `SigningError` if it cannot sign now."""
    signer = _opened(_read())
    assert signer.signing_cert
    validity = signer.signing_cert["tbs_certificate"]["validity"]
    first, last = (validity[end].native for end in ("not_before", "not_after"))
    if now < first:
        raise SigningError(
            _("Chứng thư số chỉ có hiệu lực từ %(moment)s; hãy kiểm tra đồng hồ của máy chủ.")
            % {"moment": f"{timezone.localtime(first):%H:%M ngày %d/%m/%Y}"}
        )
    if now > last:
        raise SigningError(
            _("Chứng thư số hết hiệu lực từ %(moment)s; quản trị hệ thống cần cài chứng thư mới.")
            % {"moment": f"{timezone.localtime(last):%H:%M ngày %d/%m/%Y}"}
        )
    return signer


def _read() -> bytes:
    try:
        return Path(settings.SIGNING_P12).read_bytes()
    except OSError as error:
        raise SigningError(
            _("Không đọc được tệp chứng thư số: quản trị hệ thống cần xem lại SIGNING_P12.")
        ) from error


def _opened(content: bytes) -> SimpleSigner:
    from pyhanko.sign.signers import SimpleSigner

    try:
        signer = SimpleSigner.load_pkcs12_data(
            content, other_certs=(), passphrase=settings.SIGNING_PASSWORD.encode() or None
        )
    # The last one: a file without a key or without a certificate.
    except (ValueError, TypeError, AttributeError) as error:
        raise SigningError(
            _(
                "Không mở được chứng thư số: mật khẩu sai, hoặc tệp không phải PKCS #12 có cả khóa "
                "riêng. Quản trị hệ thống cần xem lại SIGNING_P12 và SIGNING_PASSWORD."
            )
        ) from error
    return signer


def _place(writer: IncrementalPdfFileWriter) -> tuple[int, tuple[int, int, int, int]]:
    """Index of the page and corners of the space for a signature."""
    names = list(writer.root["/Names"]["/Dests"]["/Names"])
    target: Any = names[names.index(SIGNATURE) + 1]
    own = target.raw_get(0).idnum
    kids = writer.root["/Pages"]["/Kids"]
    index = next(at for at in range(len(kids)) if kids.raw_get(at).idnum == own)
    left, bottom, right, top = (round(float(corner)) for corner in list(target)[2:])
    return index, (left, bottom, right, top)


def _picture(signer: SimpleSigner, now: datetime) -> bytes:
    assert signer.signing_cert
    subject = signer.signing_cert.subject.native
    moment = timezone.localtime(now)
    context = {
        "name": subject.get("common_name") or signer.signing_cert.subject.human_friendly,
        "moment": f"{moment:%d/%m/%Y %H:%M:%S} {moment:%z}",
    }
    return page(drawable(render_to_string("reports/paper/signature.html", context)))
