"""LibreOffice as people of different countries have it, to save files as it does there."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

LOCALES = ("en-AU", "de-DE", "fr-FR", "tr-TR")
CSV = "Text - txt - csv (StarCalc):44,34,76,1"
"""Commas, quotation marks, UTF-8, from the first row."""


def save_as(kind: str, files: Sequence[Path], locale: str, folder: Path, infilter: str = "") -> None:
    """Have LibreOffice open files and save them in `folder / "out"`, as in a country.

    kind: the ending to save as, with the name of a filter behind a colon where it needs one; infilter: how the files are to be read.
    Without LibreOffice the test is skipped; where CI is set it fails.
    """
    office = shutil.which("soffice")
    if office is None:
        reason = "LibreOffice (soffice) is not installed"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.parent.mkdir(parents=True)
        settings.write_text(
            '<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Setup/L10N">'
            f'<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{locale}</value></prop></item></oor:items>'
        )
    command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", kind]
    reading = [f"--infilter={infilter}"] if infilter else []
    subprocess.run(
        [*command, *reading, "--outdir", str(folder / "out"), *map(str, files)],
        check=True,
        capture_output=True,
        timeout=300,
    )
