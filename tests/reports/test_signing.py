"""The signature of an office under a printed paper: PAdES, seen where the signer signs."""

import io
from datetime import timedelta

import pdfplumber
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from plans.reports.printing import pdf, printer, signing
from tests.factories import at
from tests.reports import papers

pytestmark = pytest.mark.embedded

NOW = at(2026, 10, 5, 9)
PASSWORD = "mat-khau"
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sở Nội vụ tỉnh Lào Cai")])


@pytest.fixture(scope="module")
def content():
    made = pdf.render(papers.sample_paper(0)).content
    yield made
    printer.end_spare()


@pytest.fixture
def certificate(settings, tmp_path):
    """Make a certificate of our own, valid around `NOW`, and have the portal use it."""

    def make(*, days=365, password=PASSWORD):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        made = (
            x509.CertificateBuilder()
            .subject_name(NAME)
            .issuer_name(NAME)
            .public_key(key.public_key())
            .serial_number(7)
            .not_valid_before(NOW - timedelta(days=30))
            .not_valid_after(NOW + timedelta(days=days))
            .add_extension(usage(), critical=True)
            .sign(key, hashes.SHA256())
        )
        path = tmp_path / "office.p12"
        lock = serialization.BestAvailableEncryption(password.encode())
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"o", key, made, None, lock))
        settings.SIGNING_P12, settings.SIGNING_PASSWORD = str(path), PASSWORD

    return make


def usage():
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        **dict.fromkeys(
            (
                *("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign"),
                *("crl_sign", "encipher_only", "decipher_only"),
            ),
            False,
        ),
    )


def test_without_a_certificate_nothing_is_signed(settings):
    settings.SIGNING_P12 = ""
    assert not signing.has_certificate()


def test_the_signature_covers_the_file_and_is_valid(content, certificate):
    certificate()
    signed = signing.sign(content, now=NOW)
    assert signed.startswith(content)
    (embedded,) = PdfFileReader(io.BytesIO(signed)).embedded_signatures
    assert embedded.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    trusted = ValidationContext(trust_roots=[embedded.signer_cert], moment=NOW)
    status = validate_pdf_signature(embedded, trusted)
    assert status.intact
    assert status.valid
    assert status.coverage.name == "ENTIRE_FILE"


def test_a_changed_byte_breaks_the_signature(content, certificate):
    certificate()
    signed = bytearray(signing.sign(content, now=NOW))
    signed[len(content) // 2] ^= 1
    (embedded,) = PdfFileReader(io.BytesIO(bytes(signed))).embedded_signatures
    trusted = ValidationContext(trust_roots=[embedded.signer_cert], moment=NOW)
    assert not validate_pdf_signature(embedded, trusted).intact


def test_the_signature_is_seen_in_the_space_for_it(content, certificate):
    certificate()
    signed = signing.sign(content, now=NOW)
    (embedded,) = PdfFileReader(io.BytesIO(signed)).embedded_signatures
    left, bottom, right, top = (float(corner) for corner in embedded.sig_field["/Rect"])
    with pdfplumber.open(io.BytesIO(content)) as file:
        page = next(page for page in file.pages if page.search("PHÓ GIÁM ĐỐC"))
        (post,) = page.search("PHÓ GIÁM ĐỐC")
        height = page.height
    assert left < post["x0"] < post["x1"] < right
    assert height - top >= post["bottom"] - 1
    assert top - bottom == pytest.approx(30 / 25.4 * 72, abs=2)


def test_a_wrong_password_is_told(content, certificate):
    certificate(password="khac")
    with pytest.raises(signing.SigningError) as failure:
        signing.sign(content, now=NOW)
    assert "SIGNING_PASSWORD" in failure.value.message


def test_a_certificate_that_has_run_out_is_told(content, certificate):
    certificate(days=-1)
    with pytest.raises(signing.SigningError) as failure:
        signing.sign(content, now=NOW)
    assert "04/10/2026" in failure.value.message


def test_a_certificate_that_is_not_there_is_told(content, settings):
    settings.SIGNING_P12 = "/nowhere.p12"
    with pytest.raises(signing.SigningError):
        signing.sign(content, now=NOW)
