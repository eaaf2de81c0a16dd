"""The signature of an office under a printed paper: PAdES, seen where the signer signs."""

import io
from datetime import timedelta

import pdfplumber
import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.core.checks import registry as all_checks
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from plans.reports import checks
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

    def make(*, since=-30, days=365, password=PASSWORD, has_key=True):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        made = (
            x509.CertificateBuilder()
            .subject_name(NAME)
            .issuer_name(NAME)
            .public_key(key.public_key())
            .serial_number(7)
            .not_valid_before(NOW + timedelta(days=since))
            .not_valid_after(NOW + timedelta(days=days))
            .add_extension(usage(), critical=True)
            .sign(key, hashes.SHA256())
        )
        path = tmp_path / "office.p12"
        lock = serialization.BestAvailableEncryption(password.encode())
        own = (key, made, None) if has_key else (None, None, [made])
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"o", *own, lock))
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


def why_not():
    with pytest.raises(signing.SigningError) as failure:
        signing.certificate(now=NOW)
    return failure.value.message


def test_a_wrong_password_is_told(certificate):
    certificate(password="khac")
    assert "mật khẩu sai" in why_not()


def test_a_certificate_without_its_key_is_told(certificate):
    certificate(has_key=False)
    assert "khóa riêng" in why_not()


def test_a_file_that_is_no_certificate_is_told(settings, tmp_path):
    settings.SIGNING_P12 = str(tmp_path / "office.p12")
    (tmp_path / "office.p12").write_bytes(b"-----BEGIN CERTIFICATE-----")
    assert "không phải PKCS #12" in why_not()


def test_a_certificate_that_has_run_out_is_told(certificate):
    certificate(days=-1)
    assert "hết hiệu lực từ 09:00 ngày 04/10/2026" in why_not()


def test_a_certificate_that_is_not_valid_yet_is_told(certificate):
    certificate(since=2)
    assert "chỉ có hiệu lực từ 09:00 ngày 07/10/2026" in why_not()


@pytest.mark.parametrize("path", ["/nowhere.p12", "/"])
def test_a_certificate_that_cannot_be_read_is_told(settings, path):
    settings.SIGNING_P12 = path
    assert "Không đọc được tệp chứng thư số" in why_not()


def test_the_check_before_deploying_tells_of_a_certificate_that_cannot_sign(certificate, settings):
    settings.SIGNING_P12 = ""
    assert checks.certificate_can_sign() == []
    with time_machine.travel(NOW, tick=False):
        certificate()
        assert checks.certificate_can_sign() == []
        certificate(days=-1)
        (told,) = checks.certificate_can_sign()
    assert (told.id, "hết hiệu lực" in told.msg) == ("reports.E001", True)
    assert checks.certificate_can_sign in all_checks.registry.get_checks(
        include_deployment_checks=True
    )
