"""How fast and how big the shipped sentiment model is, beside VADER and TextBlob, in one run.

python -m benchmarks.sentiment

The texts are our own utterances of at most 120 characters, each one different. Time is the time of
one core, from text to label; memory is the whole process's, measured before the others are loaded.
"""

import subprocess
import sys
import time

SHORT = 120  # characters
OF_LEXICONS = 2_000  # texts: they are slower
_ALONE = """
import re, time
before = time.perf_counter()
from feedback.sentiment import model
imported = time.perf_counter()
ours = model.load()
print(imported - before, time.perf_counter() - imported)
def peak():  # what getrusage says begins with the parent's
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) / 1024
print(peak())
import sys
ours.judge(sys.stdin.read().splitlines(), [sys.argv[1]] * int(sys.argv[2]))
print(peak())
"""


def main() -> None:
    """Print both tables as Markdown."""
    from feedback.sentiment import baselines, model

    texts = _texts()
    print("| language | texts | imports, s | load, s | MB loaded | MB after judging |")
    print("|---|---|---|---|---|---|")
    for language, said in texts.items():
        print(f"| {language} | {len(said)} | {' | '.join(_alone(language, said))} |")
    print("\n| engine | language | texts | texts/s of one core |\n|---|---|---|---|")
    engines = [(model.load(), said, language) for language, said in texts.items()]
    engines += [(one, texts["en"][:OF_LEXICONS], "en") for one in baselines.installed()]
    for engine, said, language in engines:
        engine.judge(said[:100], [language] * 100)  # lazy parts of the lexicons load here
        begun = time.process_time()
        engine.judge(said, [language] * len(said))
        speed = len(said) / (time.process_time() - begun)
        print(f"| {engine.name} {engine.version} | {language} | {len(said)} | {speed:,.0f} |")


def _texts() -> dict[str, list[str]]:
    from feedback.sentiment import sources

    rows = sources.corpus()
    rows = rows[rows["text"].str.len() <= SHORT].drop_duplicates("text")
    return {str(name): part["text"].tolist() for name, part in rows.groupby("lang")}


def _alone(language: str, texts: list[str]) -> list[str]:
    asked = [sys.executable, "-c", _ALONE, language, str(len(texts))]
    told = subprocess.run(asked, input="\n".join(texts), capture_output=True, text=True, check=True)
    return [f"{float(number):.2f}" for number in told.stdout.split()]


if __name__ == "__main__":
    main()
