"""Unicode Vietnamese turned into what old fonts and careless programs leave behind."""

import unicodedata

TCVN3 = dict(
    zip(
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        strict=True,
    )
)
GRAVE, ACUTE, TILDE, HOOK, DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
HAT, BREVE, HORN = "\u0302", "\u0306", "\u031b"
VNI_TONES = {
    "": {ACUTE: "ù", GRAVE: "ø", HOOK: "û", TILDE: "õ", DOT: "ï", "": ""},
    HAT: {ACUTE: "á", GRAVE: "à", HOOK: "å", TILDE: "ã", DOT: "ä", "": "â"},
    BREVE: {ACUTE: "é", GRAVE: "è", HOOK: "ú", TILDE: "ü", DOT: "ë", "": "ê"},
}
VNI_WHOLE = {"đ": "ñ", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "í": "í", "ì": "ì", "ỵ": "î"}
VNI_HORNED = {"o": "ô", "u": "ö"}


def tcvn3(text: str) -> str:
    """Write as in .VnTime, which has no capitals with a tone."""
    return "".join(TCVN3.get(letter, letter) for letter in unicodedata.normalize("NFC", text))


def vni(text: str) -> str:
    return "".join(_vni(letter) for letter in unicodedata.normalize("NFC", text))


def _vni(letter: str) -> str:
    if letter.isupper():
        return _vni(letter.lower()).upper()
    if letter in VNI_WHOLE:
        return VNI_WHOLE[letter]
    base, *marks = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in marks if mark in VNI_TONES[""]), "")
    if HORN in marks:
        return VNI_HORNED[base] + VNI_TONES[""][tone]
    shape = next((mark for mark in marks if mark in VNI_TONES), "")
    return base + VNI_TONES[shape][tone]


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def private_bullets(text: str) -> str:
    """Write bullets as Word's Symbol font does, in the private use area."""
    return text.replace("•", "\uf0b7")


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


CHANGES = {
    "tcvn3": tcvn3,
    "vni": vni,
    "nfd": nfd,
    "bullets": private_bullets,
    "crlf": crlf,
}


def change(text: str, names: str) -> str:
    """Apply the changes in `names`, apart by blanks, in that order."""
    for name in names.split():
        text = CHANGES[name](text)
    return text
