"""Writes every folder of `Tests/Fixtures/families` anew; the same versions of the libraries give the same bytes.

Needs: what the files it calls need.
Run:   OMP_NUM_THREADS=1 python make_all.py
"""

import torch

import hf_clip
import mobileclip
import openai
import openclip
import siglip
import xlm_roberta


def main() -> None:
    torch.set_num_threads(1)
    for family in (hf_clip, openclip, siglip, openai, mobileclip, xlm_roberta):
        family.main()


if __name__ == "__main__":
    main()
