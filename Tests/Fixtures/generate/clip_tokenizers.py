"""Writes the fixtures of the CLIP-family tokenizers: lines in many scripts, and the ids the reference libraries give them.

    pip install tokenizers==0.23.3 transformers==5.23.0 open_clip_torch==3.3.0 ftfy==6.3.1 sentencepiece==0.2.3 regex
    python3 clip_tokenizers.py ../tokenizers

Files: lines.json (the lines, and by configuration packed ids or their hashes), the settings of clip.json without their
vocabulary, small Unigram and BPE tokenizers trained on the sentences of wordpiece.py, and classes.json (ranges of the
letters and numbers of both regular expression libraries).
"""

import html.entities
import json
import pathlib
import random
import re
import string
import sys
import tempfile
import unicodedata

import ftfy
import open_clip.tokenizer
import regex
import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import CLIPTokenizer

import wordpiece

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def packed(ids):
    """Three digits of base 64 an id."""
    return "".join(ALPHABET[i >> 12] + ALPHABET[i >> 6 & 63] + ALPHABET[i & 63] for i in ids)


def hashed(ids):
    """The upper 18 bits of FNV-1a (64 bits) over the ids as 32-bit numbers, in 3 digits of base 64."""
    value = 0xCBF29CE484222325
    for byte in b"".join(i.to_bytes(4, "little") for i in ids):
        value = (value ^ byte) * 0x100000001B3 & (1 << 64) - 1
    return "".join(ALPHABET[value >> shift & 63] for shift in (58, 52, 46))


def lines(count):
    rng = random.Random(11)
    base = [wordpiece.decode(s) for s in wordpiece.SENTENCES]
    words = [w for s in base for w in s.split(" ") if w]
    ascii_words = [w for s in base[:3] + base[37:42] for w in s.split(" ") if w]
    ranges = [(0x20, 0x7E), (0x00, 0x1F), (0x7F, 0xA0), (0xA0, 0x24F), (0x250, 0x36F), (0x370, 0x52F), (0x590, 0x8FF),
              (0x900, 0xDFF), (0xE00, 0x10FF), (0x1100, 0x13FF), (0x1400, 0x1CFF), (0x1D00, 0x1FFF), (0x2000, 0x206F),
              (0x2070, 0x2BFF), (0x2C00, 0x2FFF), (0x3000, 0x33FF), (0x4E00, 0x9FFF), (0xA000, 0xABFF), (0xAC00, 0xD7AF),
              (0xF900, 0xFDFF), (0xFE00, 0xFFFF), (0x10000, 0x10FFF), (0x11000, 0x12FFF), (0x16800, 0x16FFF),
              (0x1D000, 0x1D7FF), (0x1E000, 0x1EFFF), (0x1F000, 0x1FAFF), (0x20000, 0x2FA1F), (0xE0000, 0xE01EF)]
    pools = [[chr(c) for c in range(a, b + 1) if unicodedata.category(chr(c)) not in ("Cs", "Cn")] for a, b in ranges]
    names = sorted(html.entities.html5)
    emoji = ["👨‍👩‍👧‍👦", "👍🏽", "🏳️‍🌈", "🇩🇪", "☕️", "❤️‍🔥", "#️⃣", "🧑🏿‍🚀", "🐈‍⬛", "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f", "😀", "😶‍🌫️"]
    spaces = [" ", "  ", "\t", "\n", "\r\n", "\r", "\u00a0", "\u3000", "\u2003", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x1f", "\x85", "\u200b", "\u1680", "\n\n", " \n "]
    marks = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") + ["...", "''", "'s", "'S", "'re", "'LL", "'d", "\u2019s", "\u201cx\u201d", "--", "\u2014", "'\u017f"]
    entities = ["&amp;", "&lt;b&gt;", "&amp;amp;", "&amp;amp;amp;lt;", "&quot", "&#39;", "&#x27", "&#x110000;", "&#128;", "&#0;", "&#xD800;", "&notit;", "&NTILDE;", "&EACUTE;", "&nbsp;", "&#59;", "&#3", "&;", "&#;", "&#x;", "&copy2024", "&AMP;x", "&#13;", "&#xfdd0;", "&hellip;", "&ZeroWidthSpace;"]
    escapes = ["\x1b[36;44m", "\x1b[0m", "\x1b[", "\x1b[3", "\x1b", "\x1b[٣m"]
    special = ["<start_of_text>", "<END_OF_TEXT>", "<|startoftext|>", "<|endoftext|>", "<|EndOfText|>", "</s>", "<unk>", "<eos>", "<bos>", "<pad>", "<s>", "\u2581", "!!<|startoftext|>", "<start_of_text", "<\u017ftart_of_text>"]
    result = [s for s in base] + ["", " ", "\t\n", "\x00", "a", "A" * 30, "z" * 300, "é" * 90, "e\u0301" * 60, "supercalifragilisticexpialidocious" * 4,
              "cat " * 200, "中" * 90, "! " * 90, "\u0301" * 20, "'" * 40, "1234567890" * 9, "ΟΔΥΣΣΕΥΣ ΣΑΣ Σ ΑΣ. ΑΣ\u0301 ΑΣ'Σ Σ\u00ad", "İI ıi ŞĞ", "\u0344\u0f73\u0958", "ﾊﾞﾄﾞ ｶﾞ", "<a> &lt; &amp;", "&lt;\n<a>\n&eacute; &EACUTE;"]
    while len(result) < count:
        kind = rng.random()
        if kind < 0.35:
            text = " ".join(rng.choice(ascii_words if rng.random() < 0.6 else words) for _ in range(rng.randint(1, 3)))
            if rng.random() < 0.2: text = text.upper()
            if rng.random() < 0.1: text = text.title()
        elif kind < 0.5:
            text = " ".join(rng.choice(words) for _ in range(rng.randint(1, 2)))
        elif kind < 0.65:
            text = "".join(rng.choice(rng.choice(pools)) for _ in range(rng.randint(1, 6)))
        elif kind < 0.72:
            pool = rng.choice(pools)
            text = "".join(rng.choice(pool) for _ in range(rng.randint(1, 6)))
        else:
            parts = []
            for _ in range(rng.randint(1, 4)):
                group = rng.choice([words, ascii_words, emoji, spaces, spaces, marks, marks, entities, escapes, special, None, None])
                if group is not None: part = rng.choice(group)
                elif rng.random() < 0.5: part = "&" + rng.choice(names)
                else: part = rng.choice("aeiouncszAEINоиеα") + "".join(chr(rng.randint(0x300, 0x36F)) for _ in range(rng.randint(1, 3)))
                parts.append(part)
            text = rng.choice(["", "", " "]).join(parts)
        result.append(text)
    return result


def spm_model(sentences, rules, **options):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "text").write_text("\n".join(sentences))
        (folder / "rules.tsv").write_text(rules)
        sentencepiece.SentencePieceTrainer.train(
            input=str(folder / "text"), model_prefix=str(folder / "m"), model_type="unigram", hard_vocab_limit=False,
            normalization_rule_tsv=str(folder / "rules.tsv"), minloglevel=2, num_threads=1, **options)
        return (folder / "m.model").read_bytes()


def charsmap(model):
    """The character map in a serialized model: field 2 of field 3."""
    def fields(data):
        position = 0
        def varint():
            nonlocal position
            value = shift = 0
            while True:
                byte = data[position]
                position += 1
                value |= (byte & 127) << shift
                shift += 7
                if byte < 128: return value
        while position < len(data):
            key = varint()
            if key & 7 == 0: yield key >> 3, varint()
            elif key & 7 == 5:
                yield key >> 3, data[position:position + 4]
                position += 4
            else:
                length = varint()
                yield key >> 3, data[position:position + length]
                position += length
    return next(v for n, v in fields(next(v for n, v in fields(model) if n == 3)) if n == 2)


def rules():
    """Normalisation rules: compatibility forms of some blocks, decomposed letters, controls and spaces."""
    table = {}
    def add(source, target):
        table[" ".join(f"{ord(c):X}" for c in source)] = " ".join(f"{ord(c):X}" for c in target)
    for start, end in ((0xA0, 0x180), (0x2000, 0x2070), (0x2100, 0x2180), (0x3000, 0x3001), (0xFB00, 0xFB07), (0xFF01, 0xFFA0)):
        for code in range(start, end):
            target = unicodedata.normalize("NFKC", chr(code))
            if target != chr(code): add(chr(code), target)
    for letter in "aeiounAEIOUN":
        for mark in "\u0300\u0301\u0302\u0303\u0308":
            target = unicodedata.normalize("NFC", letter + mark)
            if len(target) == 1: add(letter + mark, target)
    for code in list(range(1, 9)) + [0x0B, 0x0E, 0x1F, 0x7F, 0xAD, 0x200B, 0x200E, 0xFEFF]: add(chr(code), "")
    for code in (9, 10, 12, 13, 0x85, 0x1680, 0x2028, 0x2029): add(chr(code), " ")
    return "".join(f"{a}\t{b}\n" for a, b in sorted(table.items()))


def unigram(pieces, normalizer, pre_tokenizer, template, byte_fallback=False, unk_id=0):
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=unk_id, byte_fallback=byte_fallback))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    ids = {token: number for number, (token, _) in enumerate(pieces)}
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in ("</s>", "<unk>", "<s>") if t in ids])
    names = [t for t in template.split() if not t.startswith("$")]
    tokenizer.post_processor = processors.TemplateProcessing(single=template, special_tokens=[(t, ids[t]) for t in set(names)])
    tokenizer.enable_truncation(64)
    return tokenizer


def save(tokenizer, path):
    settings = json.loads(tokenizer.to_str())
    settings["truncation"] = settings["decoder"] = None
    path.write_text(json.dumps(settings, ensure_ascii=False, separators=(",", ":")))


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    everything = lines(3100)
    # Text decoded with a wrong encoding is not repaired here; such lines are counted and left out.
    mended = [l for l in everything if ftfy.fix_text(l) != ftfy.fix_text(l, fix_encoding=False)]
    print(f"repaired as mojibake: {len(mended)} of {len(everything)}, of the sentences "
          f"{sum(l in mended for l in everything[:len(wordpiece.SENTENCES)])} of {len(wordpiece.SENTENCES)}")
    text = [l for l in everything if l not in set(mended)][:3010]
    ids = {}

    def record(name, encode, encoding=hashed):
        ids[name] = [encoding(encode(line)) for line in text]

    def simple(clean):
        tokenizer = open_clip.tokenizer.SimpleTokenizer(clean=clean)
        def encode(line):
            row = [tokenizer.sot_token_id] + tokenizer.encode(line) + [tokenizer.eot_token_id]
            return row if len(row) <= 77 else row[:76] + [tokenizer.eot_token_id]
        return tokenizer, encode
    tokenizer, encode = simple("lower")
    record("lower", encode, packed)
    record("whitespace", simple("whitespace")[1])
    record("canonicalize", simple("canonicalize")[1])

    # Hugging Face's CLIP has the same ids with other names for start and end.
    vocabulary = {token: number for token, number in tokenizer.encoder.items() if number < 49406}
    vocabulary |= {"<|startoftext|>": 49406, "<|endoftext|>": 49407}
    merges = sorted(tokenizer.bpe_ranks, key=tokenizer.bpe_ranks.get)
    clip = CLIPTokenizer(vocab=vocabulary, merges=merges)
    record("clip", lambda l: clip(l, truncation=True, max_length=77).input_ids, packed)
    ids["clip"] = ["=" if a == b else b for a, b in zip(ids["lower"], ids["clip"])]
    settings = json.loads(clip.backend_tokenizer.to_str())
    settings["truncation"] = settings["padding"] = settings["decoder"] = None
    settings["model"]["vocab"], settings["model"]["merges"] = "VOCABULARY", "MERGES"
    (out / "clip.json").write_text(json.dumps(settings, ensure_ascii=False, separators=(",", ":")))
    # The file of openai/clip-vit-*: without the special tokens in its pattern, the start token in normalised text.
    old = json.loads(clip.backend_tokenizer.to_str())
    old["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = old["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"].split("|>|", 2)[2]
    old["added_tokens"][0]["normalized"] = True
    older = Tokenizer.from_str(json.dumps(old))
    older.enable_truncation(77)
    record("clip-older", lambda l: older.encode(l).ids)

    sentences = [wordpiece.decode(s).replace("\0", "") for s in wordpiece.SENTENCES]
    model = spm_model(sentences, rules(), vocab_size=900, character_coverage=0.99, user_defined_symbols=["[MASK]", "<cat>"])
    (out / "unigram.model").write_bytes(model)
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    end = processor.eos_id()
    record("t5", lambda l: processor.encode(l)[:63] + [end])
    record("t5-unpunctuated", lambda l: processor.encode(canonicalized(l))[:63] + [end])
    record("fairseq", lambda l: [0] + [3 if i == processor.unk_id() else i + 1 for i in processor.encode(l)[:62]] + [2])
    with_bytes = spm_model(sentences[:16], rules(), vocab_size=700, character_coverage=0.999, byte_fallback=True,
                           remove_extra_whitespaces=False)
    (out / "unigram-bytes.model").write_bytes(with_bytes)
    byte_processor = sentencepiece.SentencePieceProcessor(model_proto=with_bytes)
    record("t5-bytes", lambda l: byte_processor.encode(l)[:63] + [byte_processor.eos_id()])

    pieces = [(processor.id_to_piece(i), processor.get_score(i)) for i in range(processor.get_piece_size())]
    byte_pieces = [(byte_processor.id_to_piece(i), byte_processor.get_score(i)) for i in range(byte_processor.get_piece_size())]
    precompiled = normalizers.Precompiled(charsmap(model))
    punctuation = r"""[!"#$%&'()*+,-./:;<=>?@\[\\\]\^_`{|}~]"""
    configurations = {
        "siglip": unigram(pieces, normalizers.Sequence([
            normalizers.Lowercase(), normalizers.Replace(Regex(punctuation), ""), normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(), precompiled]), pre_tokenizers.Metaspace(prepend_scheme="always"), "$A </s>"),
        "xlmr": unigram(pieces, normalizers.Sequence([precompiled, normalizers.Replace(Regex(" {2,}"), " ")]),
                        pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]), "<s> $A </s>"),
        "nfkc": unigram(byte_pieces, normalizers.Sequence([
            normalizers.NFKC(), normalizers.Strip(left=False), normalizers.Prepend("x"), normalizers.Replace("the", "")]),
            pre_tokenizers.Metaspace(prepend_scheme="first", split=False), "$A </s>", byte_fallback=True),
    }
    for name, tokenizer in configurations.items():
        save(tokenizer, out / f"{name}.json")
        record(name, lambda l: tokenizer.encode(l).ids)

    gemma = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    gemma.normalizer = normalizers.Replace(" ", "▁")
    gemma.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    trainer = trainers.BpeTrainer(
        vocab_size=900, limit_alphabet=150, show_progress=False, max_token_length=12,
        special_tokens=["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"] + [f"<0x{b:02X}>" for b in range(256)])
    gemma.train_from_iterator([w for s in sentences for w in s.lower().split(" ")] + ["▁" + w for s in sentences for w in s.lower().split(" ")], trainer)
    settings = json.loads(gemma.to_str())
    settings["added_tokens"] = settings["added_tokens"][:5]
    gemma = Tokenizer.from_str(json.dumps(settings))
    gemma.post_processor = processors.TemplateProcessing(single="$A <eos>", special_tokens=[("<eos>", 1)])
    gemma.enable_truncation(64)
    save(gemma, out / "gemma.json")
    record("gemma", lambda l: gemma.encode(l).ids)
    lowered = Tokenizer.from_str(gemma.to_str())
    lowered.normalizer = normalizers.Sequence([normalizers.Lowercase(), lowered.normalizer])
    record("gemma-lowercase", lambda l: lowered.encode(l).ids)

    def ranges(matches):
        found = []
        for code in range(0x110000):
            if not 0xD800 <= code <= 0xDFFF and matches(chr(code)):
                if found and found[-1][1] == code - 1: found[-1][1] = code
                else: found.append([code, code])
        return found
    classes = {}
    for name, pattern in (("letters", r"\p{L}"), ("numbers", r"\p{N}"), ("spaces", r"\s")):
        expression, remover = regex.compile(pattern), normalizers.Replace(Regex(pattern), "")
        # Of the regex module only what Python's own tables know, which are older.
        classes["regex-" + name] = ranges(lambda c: unicodedata.category(c) != "Cn" and expression.match(c))
        classes["tokenizers-" + name] = ranges(lambda c: remover.normalize_str(c) == "")
    def delta(found):
        flat, last = [], 0
        for edge in (e for a, b in found for e in (a, b + 1)):
            flat.append(edge - last)
            last = edge
        return flat
    (out / "classes.json").write_text(json.dumps({k: delta(v) for k, v in classes.items()}, separators=(",", ":")))
    body = [f'"lines":[\n{chr(44).join(chr(10) + json.dumps(l, ensure_ascii=False) for l in text)}]', '"ids":' + json.dumps({k: (" " if k in ("lower", "clip") else "").join(v) for k, v in ids.items()}, separators=(",", ":"))]
    (out / "lines.json").write_text("{" + ",\n".join(body) + "}\n")
    print(len(text), {p.name: p.stat().st_size for p in out.iterdir()}, sum(p.stat().st_size for p in out.iterdir()))


def canonicalized(line):
    """SigLIP's canonical text (transformers, `SiglipTokenizer.canonicalize_text`)."""
    return re.sub(r"\s+", " ", line.lower().translate(str.maketrans("", "", string.punctuation))).strip()


if __name__ == "__main__":
    main()
