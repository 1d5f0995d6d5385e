"""Draws docs/look: the main pages, narrow and wide, light and dark. `python -m tests.e2e.screenshots [address of a site]`"""

import io
import sys
from contextlib import nullcontext
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from .browsing import ARGUMENTS
from .conftest import CHROMIUM
from .content import FICHE, SYNTHESIS
from .server import ROOT, running_site

LOOK = Path(ROOT, "docs", "look")
PAGES = {
    "accueil": "/",
    "ressources": "/ressources/?theme=education",
    "document": f"/ressources/{SYNTHESIS}/",
    "fiche": f"/ressources/{FICHE}/",
    "vrl": "/vrl/",
    "formations": "/vrl/formations/",
}
WIDTHS = (360, 1280)
SCHEMES = {"clair": "light", "sombre": "dark"}
TALLEST = 2400  # px
HEAVIEST = 250_000  # bytes


def main(address: str = "") -> None:
    LOOK.mkdir(parents=True, exist_ok=True)
    with (
        nullcontext(address) if address else running_site("tests.e2e.content", SITE_URL="https://www.example.org") as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for width in WIDTHS:
            for label, scheme in SCHEMES.items():
                draw(browser, site, width, label, scheme)
        browser.close()


def draw(browser: Browser, site: str, width: int, label: str, scheme: str) -> None:
    context = browser.new_context(
        base_url=site, viewport={"width": width, "height": 900}, color_scheme=scheme, locale="fr-FR", reduced_motion="reduce"
    )
    page = context.new_page()
    for name, path in PAGES.items():
        page.goto(path, wait_until="networkidle")
        page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach((image) => { image.loading = 'eager'; })")
        page.wait_for_load_state("networkidle")
        tall = page.evaluate("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": width, "height": min(tall, TALLEST)}
        target = LOOK / f"{name}-{width}-{label}.png"
        target.write_bytes(light(page.screenshot(full_page=True, clip=clip)))
        print(target.name, target.stat().st_size)
    context.close()


def light(png: bytes) -> bytes:
    """The picture with a palette, of as many colours as its weight allows."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64, 32):
        target = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
        if target.tell() < HEAVIEST:
            break
    return target.getvalue()


if __name__ == "__main__":
    main(*sys.argv[1:])
