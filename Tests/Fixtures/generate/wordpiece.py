"""Writes the WordPiece fixtures: a small vocabulary, lines in many scripts, and the ids the `tokenizers` library gives them.

    pip install tokenizers==0.23.3
    python3 wordpiece.py ../wordpiece
"""

import json
import pathlib
import random
import sys

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

SENTENCES = """All human beings are born free and equal in dignity and rights.
They are endowed with reason and conscience and should act towards one another in a spirit of brotherhood.
A photo of a tabby cat sleeping on a red sofa next to the window, 35mm, f/1.8, ISO 400.
Tous les êtres humains naissent libres et égaux en dignité et en droits. Garçon, cœur, naïve, Noël.
Alle Menschen sind frei und gleich an Würde und Rechten geboren. Straße, Übergrößenträger, ẞ.
Todos los seres humanos nacen libres e iguales en dignidad y derechos. ¿Qué? ¡Niño!
Wszyscy ludzie rodzą się wolni i równi pod względem swej godności. Zażółć gęślą jaźń.
Všichni lidé rodí se svobodní a sobě rovní. Příliš žluťoučký kůň úpěl ďábelské ódy.
Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. İstanbul, ISPARTA, ığdır.
Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền.
Все люди рождаются свободными и равными в своём достоинстве и правах. Ёлка, Йод.
Усі люди народжуються вільними і рівними. Їжак, ґанок.
Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι. ΟΔΥΣΣΕΥΣ, Ϊ ΐ ᾳ ᾼ.
כל בני האדם נולדו בני חורין ושווים בערכם. שָׁלוֹם עֲלֵיכֶם
يولد جميع الناس أحرارا متساوين في الكرامة والحقوق. السَّلَامُ عَلَيْكُمْ ـ
تمام افراد بشر آزاد به دنیا می‌آیند و از لحاظ حیثیت با هم برابرند
सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता। क़ ख़ ग़
সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা এবং অধিকার নিয়ে জন্মগ্রহণ করে। ড় ঢ় য়
மனிதப் பிறிவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர் கொ
మానవులెల్లరును జన్మతః స్వతంత్రులును సమానులును
ಎಲ್ಲಾ ಮಾನವರೂ ಸ್ವತಂತ್ರರಾಗಿಯೇ ಜನಿಸಿದ್ದಾರೆ
มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์
ມະນຸດທຸກຄົນເກີດມາມີກຽດສັກສີ
လူတိုင်းသည် တူညီ လွတ်လပ်သော ဂုဏ်သိက္ခာဖြင့်
មនុស្សទាំងអស់ កើតមកមានសេរីភាព
ཆོས་དང་ལྡན་པའི་མི་རྣམས། གྷ ཌྷ
人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心。
人人生而自由,在尊嚴和權利上一律平等。豈更車賈滑串句龜龜契金喇
すべての人間は、生まれながらにして自由であり。ガギグゲゴ ﾊﾝｶｸ ガ が
모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. 각 ᄀ
ყველა ადამიანი იბადება თავისუფალი ᲧᲕᲔᲚᲐ Ⴀ
Բոլոր մարդիկ ծնվում են ազատ և իրավահավասար։
ሰዎች ሁሉ ነጻና በክብርና በመብት እኩል ይወለዳሉ።
ᎠᏂᎦᏓ ᎤᏂᎪᏛ ꭰꮒ
ᠬᠦᠮᠦᠨ ᠪᠦᠷ ᠲᠥᠷᠥᠵᠦ
😀 😃👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 ☕️ ❤️ #️⃣ 1️⃣ ✅ → ∑ ∞ ≠ ½ ² ™ © € £ ¥
&lt;b&gt;bold&lt;/b&gt; &amp; &quot;x&quot; &#39; <a href="https://example.org/?q=1&r=2">link</a>
user@example.com, http://example.org/a_b-c.html?d=e#f; C:\\temp\\x.txt ~/file-name_1.tar.gz
3.14159 1,000,000 $12.50 50% -5°C 10:30 2024-01-31 1e-5 0x1F x^2 {a|b} [c] `d` ~e~ "f" 'g'
don't can't it's we're o'clock rock'n'roll “quoted” ‘single’ «guillemets» — – … ‐ ‑
ﬁ ﬂ ﬃ ﷺ ℃ Ⅷ ⑳ ㎏ Å K Ω ｆｕｌｌｗｉｄｔｈ ＦＵＬＬ １２３ 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝐁𝐨𝐥𝐝 ẛ̣ ſ ß ŉ ǰ
a\u0301 e\u0323\u0302 o\u0302\u0323 \u0301alone n\u0303\u0303\u0303 \u1e0b\u0323 \u0344 \u0f73 \U0001d15e
zero\u200bwidth joi\u200dner soft\u00adhyphen b\ufeffom le\u200eft r\u202eight nul\u0000l bell\u0007 del\u007f esc\u001b[0m
tab\tnew\nline\rreturn vt\u000bff\u000c nbsp\u00a0en\u2002em\u2003thin\u2009ideo\u3000ls\u2028ps\u2029nel\u0085fs\u001cogham\u1680end
private\ue000use \U000f0000 \U0010ffff unassigned\u0378 \U000e0001tag \ufffd replacement \ufffe \uffff
new \u1e9e \ua7c9 \U0001e900 \U00016e40 \U0001fae8 \u0898 \U00011938 \U00010ead \u2e52 \U000105c9 \u1734 \U000111c9 \u166d
[CLS] [SEP] [MASK] [PAD] [UNK] [cls] [Mask] text[MASK]text [MASK][MASK] [ MASK ] [[SEP]] [SE [SEP ##ing ##
<tag> a<tag>b  <tag>  <left>   x <left>y z<right>  w <word> a<word> <word>b é<word> _<word> <word>. <Élan> <élan> <ELAN>""".split("\n")


def decode(line):
    """Turns the escapes above into characters (the other text is not ASCII, so it passes through Latin-1 untouched)."""
    import re

    return re.sub(r"\\u([0-9a-f]{4})|\\U([0-9a-f]{8})|\\([tnr])", lambda m: (
        {"t": "\t", "n": "\n", "r": "\r"}[m[3]] if m[3] else chr(int(m[1] or m[2], 16))), line)


def lines(count):
    base = [decode(s) for s in SENTENCES]
    rng = random.Random(7)
    result = list(base)
    result += ["", " ", "\t\n", "a", "Z" * 99, "z" * 100, "z" * 101, "é" * 100, "é" * 101, "e\u0301" * 100,
               "한" * 34, "한" * 33, "word" * 25 + "!", "cat " * 300, "の" * 120, "中" * 300, "! " * 200, "\u0301" * 50]
    words = [w for s in base for w in s.split(" ") if w]
    ranges = [(0x20, 0x7E), (0xA0, 0x24F), (0x250, 0x36F), (0x370, 0x52F), (0x590, 0x8FF), (0x900, 0xDFF), (0xE00, 0x10FF),
              (0x1100, 0x13FF), (0x1400, 0x1CFF), (0x1D00, 0x1FFF), (0x2000, 0x2BFF), (0x2C00, 0x2FFF), (0x3000, 0x33FF),
              (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xABFF), (0xAC00, 0xD7FF), (0xE000, 0xF8FF), (0xF900, 0xFFFF),
              (0x10000, 0x11FFF), (0x12000, 0x16FFF), (0x1D000, 0x1FFFF), (0x20000, 0x2FFFF), (0x0, 0x1F), (0xE0000, 0xE01FF)]
    while len(result) < count:
        kind = rng.random()
        if kind < 0.45:
            line = " ".join(rng.choice(words) for _ in range(rng.randint(1, 6)))
        elif kind < 0.6:
            line = rng.choice(["", " ", ", "]).join(
                rng.choice([str.upper, str.title, str.swapcase, lambda w: w[::-1], lambda w: w * 2])(rng.choice(words))
                for _ in range(rng.randint(1, 4)))
        elif kind < 0.8:
            low, high = rng.choice(ranges)
            line = "".join(chr(rng.randint(low, high)) for _ in range(rng.randint(1, 14)))
        else:
            line = list(" ".join(rng.choice(words) for _ in range(rng.randint(1, 4))))
            for _ in range(rng.randint(1, 4)):
                low, high = rng.choice(ranges)
                line.insert(rng.randint(0, len(line)), chr(rng.randint(low, high)))
            line = "".join(line)
        result.append(line)
    return result


def configured(tokenizer, added=(), **settings):
    copy = Tokenizer.from_str(tokenizer.to_str())
    copy.normalizer = normalizers.BertNormalizer(**settings)
    copy.add_tokens(list(added))
    return copy


def ranges(members):
    result = []
    for code in sorted(members):
        if result and result[-1][1] == code - 1:
            result[-1][1] = code
        else:
            result.append([code, code])
    return result


def classes():
    """The library's character classes over all of Unicode, as ranges, found by asking it about each character."""
    clean = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    strip = normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False)
    spread = normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=True, strip_accents=False, lowercase=False)
    split = pre_tokenizers.BertPreTokenizer()
    removed, marks, chinese, punctuation = [], [], [], []
    for code in range(0x110000):
        if 0xD800 <= code < 0xE000:
            continue
        character = chr(code)
        if clean.normalize_str(character) == "":
            removed.append(code)
        if strip.normalize_str(character) == "":
            marks.append(code)
        if spread.normalize_str(character) != character:
            chinese.append(code)
        if [piece for piece, _ in split.pre_tokenize_str("a" + character + "b")] == ["a", character, "b"]:
            punctuation.append(code)
    return {"removed": ranges(removed), "marks": ranges(marks), "chinese": ranges(chinese), "punctuation": ranges(punctuation)}


def main():
    target = pathlib.Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    corpus = [decode(s) for s in SENTENCES]

    base = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    base.normalizer = normalizers.BertNormalizer(lowercase=True)
    base.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    base.train_from_iterator(corpus * 3 + [" ".join("abcdefghijklmnopqrstuvwxyz0123456789")], trainers.WordPieceTrainer(
        vocab_size=2400, min_frequency=2, special_tokens=special, show_progress=False))
    base.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(t, base.token_to_id(t)) for t in ("[CLS]", "[SEP]")])
    added = [AddedToken("<tag>", normalized=False), AddedToken("<left>", lstrip=True, normalized=False),
             AddedToken("<right>", rstrip=True, normalized=False), AddedToken("<word>", single_word=True, normalized=False),
             AddedToken("<Élan>", normalized=True)]
    configurations = {
        "uncased": (configured(base), 1000),
        "cased": (configured(base, lowercase=False), 160),
        "accents-off": (configured(base, lowercase=False, strip_accents=True), 160),
        "accents-kept": (configured(base, lowercase=True, strip_accents=False), 160),
        "uncleaned": (configured(base, clean_text=False, handle_chinese_chars=False), 160),
        "added": (configured(base, added), 160),
    }
    vocabulary = sorted(base.get_vocab().items(), key=lambda pair: pair[1])
    (target / "vocab.txt").write_text("".join(token + "\n" for token, _ in vocabulary), encoding="utf-8")
    texts = lines(1000)
    cases = {"lines": texts, "ids": {}}
    for name, (tokenizer, count) in configurations.items():
        tokenizer.enable_truncation(64)
        cases["ids"][name] = [tokenizer.encode(text).ids for text in texts[:count]]
        # The vocabulary is the same in all and stored once: the test puts it in.
        settings = json.loads(tokenizer.to_str())
        settings["model"]["vocab"] = "VOCABULARY"
        (target / f"{name}.json").write_text(json.dumps(settings, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    (target / "cases.json").write_text(json.dumps(cases, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    (target / "characters.json").write_text(json.dumps(classes(), separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main()
