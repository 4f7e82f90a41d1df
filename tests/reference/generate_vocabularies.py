"""Tiny tokenizer.json files of four kinds, and what the library itself reads from their ids.

Run: python tests/reference/generate_vocabularies.py   (needs the package tokenizers; made with 0.23.2)
"""

import json
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

FOLDER = Path(__file__).parent / 'vocabularies'
TEXT = [
    'The cat sat on the mat, and the cat ate.',
    'Naïve cafés sell 90 % of the “best” pastries.\nA second line.',
    'unbelievable unbelievers believe the unbelievable',
] * 4
SENTENCE = 'The naïve cat believes the “best” café.'


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320, special_tokens=['<|end of text|>'], initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    return tokenizer, trainer


def word_pieces():
    tokenizer = Tokenizer(models.WordPiece(unk_token='[UNK]'))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer, trainers.WordPieceTrainer(vocab_size=120, special_tokens=['[PAD]', '[UNK]', '[CLS]', '[SEP]'])


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=90, special_tokens=['<pad>', '<unk>', '</s>'], unk_token='<unk>')
    return tokenizer, trainer


def word_ends():
    tokenizer = Tokenizer(models.BPE(unk_token='<unk>', end_of_word_suffix='</w>'))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.decoder = decoders.BPEDecoder(suffix='</w>')
    return tokenizer, trainers.BpeTrainer(vocab_size=110, special_tokens=['<unk>'], end_of_word_suffix='</w>')


KINDS = {'byte-level': byte_level, 'word-pieces': word_pieces, 'unigram': unigram, 'word-ends': word_ends}

FOLDER.mkdir(exist_ok=True)
expected = {}
for name, make in KINDS.items():
    tokenizer, trainer = make()
    tokenizer.train_from_iterator(TEXT, trainer)
    text = json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(',', ':'))
    (FOLDER / f'{name}.json').write_text(text + '\n', encoding='utf-8')
    ids = tokenizer.encode(SENTENCE).ids
    expected[name] = {'size': tokenizer.get_vocab_size(), 'ids': ids, 'text': tokenizer.decode(ids)}
(FOLDER / 'expected.json').write_text(json.dumps(expected, ensure_ascii=False, indent=1) + '\n', encoding='utf-8')
