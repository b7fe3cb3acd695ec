"""Drives the page of a running `glimpse serve` in a headless Chromium, as a person would, and checks what is to be seen.

    pip install selenium
    glimpse serve --library FOLDER &
    python check_page.py --url http://127.0.0.1:7313 --screenshots .build/page --picture cat.jpg

The library needs at least two pictures, one that `--query` describes and none that `--absent-query` does, and two copies of one
file for the review of duplicates. Files are moved to the trash and taken back from it. Every step leaves a screenshot. The first
expectation that is not met ends the run with exit status 1 and says which it was.
"""

import argparse
import base64
import mimetypes
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote_plus

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

DESKTOP = (1280, 800)
PHONE = (390, 844)
SMALL_PHONE = (360, 740)

# What a person does with a file from the desktop, in the three events that a browser makes of it.
DROP = """
const [name, type, base64] = arguments;
const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
const dataTransfer = new DataTransfer();
dataTransfer.items.add(new File([bytes], name, { type }));
for (const event of arguments[3]) {
  document.body.dispatchEvent(new DragEvent(event, { dataTransfer, bubbles: true, cancelable: true }));
}
"""


class Unmet(Exception):
    """Something that a person should see is not there."""


class Page:
    """The page in a browser: finds, waits, presses, takes pictures."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.url = options.url.rstrip("/")
        self.timeout = options.timeout
        self.screenshots = Path(options.screenshots)
        self.screenshots.mkdir(parents=True, exist_ok=True)
        self.step_number = 0
        self.browser = start_browser(options)

    def open(self, address: str = "#/") -> None:
        """Loads the page anew: another address after the `#` alone would not."""
        self.browser.get("about:blank")
        self.browser.get(f"{self.url}/{address}")

    def all(self, selector: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def shown(self, selector: str, why: str) -> WebElement:
        """The first element of this selector that is to be seen, as soon as there is one."""
        return self.until(lambda: next((found for found in self.all(selector) if found.is_displayed()), None), why)

    def gone(self, selector: str, why: str) -> None:
        self.until(lambda: not any(found.is_displayed() for found in self.all(selector)), why)

    def until(self, condition: Callable, why: str):
        try:
            waiting = WebDriverWait(self.browser, self.timeout, poll_frequency=0.05, ignored_exceptions=[StaleElementReferenceException])
            return waiting.until(lambda _: condition())
        except TimeoutException as error:
            raise Unmet(why) from error

    def press(self, *keys: str) -> None:
        webdriver.ActionChains(self.browser).send_keys(*keys).perform()

    def search(self, words: str) -> None:
        """Types as a person does, without pressing Enter at the end."""
        field = self.shown("#query", "the field for searching")
        field.click()
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(words)

    def focused(self) -> WebElement:
        return self.browser.switch_to.active_element

    def address(self) -> str:
        return self.browser.execute_script("return location.hash")

    def text(self, selector: str) -> str:
        return self.browser.execute_script("return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def size(self, width: int, height: int, is_phone: bool = False) -> None:
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                     {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone})

    def prefer(self, scheme: str) -> None:
        """Prefers `light` or `dark`; and no motion, so that screenshots show what stays."""
        features = [{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def picture(self, name: str) -> None:
        self.step_number += 1
        self.browser.save_screenshot(str(self.screenshots / f"{self.step_number:02}-{name}.png"))

    def check_console(self) -> None:
        messages = [entry["message"] for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"]
        expect(not messages, "the console of the browser has errors: " + "; ".join(messages))

    def pictures_loaded(self, selector: str) -> bool:
        """Whether all of these images that are within the window have pixels."""
        return self.browser.execute_script("""
            const near = [...document.querySelectorAll(arguments[0])].filter((image) => {
              const { top, bottom } = image.getBoundingClientRect();
              return bottom > 0 && top < innerHeight;
            });
            return near.length > 0 && near.every((image) => image.complete && image.naturalWidth > 0);
        """, selector)


def start_browser(options: argparse.Namespace) -> webdriver.Chrome:
    settings = Options()
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"):
        settings.add_argument(argument)
    settings.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if options.browser:
        settings.binary_location = options.browser
    driver = options.driver or shutil.which("chromedriver")
    return webdriver.Chrome(options=settings, service=Service(driver) if driver else Service())


def expect(condition: object, why: str) -> None:
    if not condition:
        raise Unmet(why)


def search_address(words: str) -> str:
    return f"#/search?q={quote_plus(words)}"


def check_start(page: Page, options: argparse.Namespace) -> None:
    page.open()
    page.shown(".tile", "pictures on the start page")
    expect(page.text("h1") == "Your pictures", "the heading of the start page")
    expect("picture" in page.text("#summary"), "how many pictures there are")
    expect(len(page.all(".tile")) >= 2, "at least two pictures in the library")
    page.until(lambda: page.pictures_loaded(".tile img"), "thumbnails with pixels")
    names = page.browser.execute_script("return [...document.querySelectorAll('.tile img')].map((image) => image.alt)")
    expect(all(names), "a text beside every thumbnail for those who do not see it")


def check_search(page: Page, options: argparse.Namespace) -> None:
    page.open()
    page.search(options.query)
    page.until(lambda: page.text("h1") == options.query, f"the search for “{options.query}” while it is typed")
    page.shown(".tile .presence", "how likely the pictures are")
    expect("%" in page.text(".presence"), "the likelihood as a percentage")
    expect(page.address().startswith("#/search?q="), "an address that leads to the search")
    page.until(lambda: page.pictures_loaded(".tile img"), "thumbnails of what was found")
    page.browser.refresh()
    page.shown(".tile .presence", "the same search after loading the page anew")
    expect(page.browser.find_element(By.ID, "query").get_property("value") == options.query, "the words of the address in the field")


def check_filters(page: Page, options: argparse.Namespace) -> None:
    page.open(search_address(options.query))
    page.shown(".tile", "pictures to filter")
    page.shown("#filter-button", "the button for filters").click()
    form = page.shown("#filters", "the filters")
    since = form.find_element(By.NAME, "since")
    since.send_keys("1990", Keys.ENTER)
    page.until(lambda: "since=1990" in page.address(), "the filter in the address")
    chip = page.shown(".filter-chips button", "the filter in use")
    expect("since 1990" in chip.text, "the filter in words")
    page.picture("filters")
    chip.click()
    page.until(lambda: "since" not in page.address(), "the filter taken away")
    page.shown("#filter-button", "the button for filters").click()
    page.gone("#filters", "the filters closed again")


def check_nothing_found(page: Page, options: argparse.Namespace) -> None:
    page.open()
    page.search(options.absent_query)
    page.shown("#nothing-found", f"that nothing shows “{options.absent_query}”")
    expect(options.absent_query in page.text("#nothing-found"), "what was not found")
    page.picture("nothing-found")
    page.shown("#show-nearest", "the offer to show what is nearest").click()
    page.shown(".tile", "what is nearest")
    expect("all=true" in page.address(), "what is nearest in the address")
    page.browser.back()
    page.shown("#nothing-found", "nothing found again after a step back")


def check_drop(page: Page, options: argparse.Namespace) -> None:
    page.open()
    page.shown(".tile", "pictures on the start page")
    file = Path(options.picture)
    kind = mimetypes.guess_type(file.name)[0] or ""
    content = base64.b64encode(file.read_bytes()).decode()
    page.browser.execute_script(DROP, file.name, kind, content, ["dragenter", "dragover"])
    page.shown("#drop-hint", "where to drop the picture")
    page.picture("dragging")
    page.browser.execute_script(DROP, file.name, kind, content, ["drop"])
    page.gone("#drop-hint", "the hint gone after the drop")
    page.shown("#query-picture img", "the dropped picture in the search field")
    page.shown(".tile", "pictures like the dropped one")
    expect(page.text("h1") == "More like this", "the heading of pictures like one")
    page.until(lambda: page.pictures_loaded(".tile img"), "thumbnails of pictures like the dropped one")
    page.picture("dropped")
    page.shown("#remove-query-picture", "the button that takes the picture away").click()
    page.until(lambda: page.text("h1") == "Your pictures", "the start page without the picture")
    page.browser.find_element(By.ID, "picture-file").send_keys(str(file.resolve()))
    page.shown("#query-picture img", "the chosen picture in the search field")
    page.shown(".tile", "pictures like the chosen one")


def check_similar(page: Page, options: argparse.Namespace) -> None:
    page.open(search_address(options.query))
    page.shown(".tile", "pictures to start from")
    webdriver.ActionChains(page.browser).move_to_element(page.all(".tile")[0]).perform()
    page.shown(".tile-more", "the button “More like this” of a picture").click()
    page.until(lambda: page.address().startswith("#/similar?picture="), "an address of pictures like one")
    page.shown("#query-picture img", "the picture in the search field")
    page.shown(".tile", "pictures like it")


def check_photo(page: Page, options: argparse.Namespace) -> None:
    page.open(search_address(options.query))
    page.shown(".tile-link", "a picture to open").click()
    page.shown("#photo-picture", "the picture, large")
    page.until(lambda: page.pictures_loaded("#photo-picture"), "the large picture with pixels")
    page.until(lambda: "×" in page.text(".facts"), "the size of the picture")
    expect(page.text("#photo-name"), "the name of the file")
    field = page.shown("#labels", "the field for labels")
    field.clear()
    field.send_keys(options.labels, Keys.ENTER)
    labels = [label.strip() for label in options.labels.split(",")]
    page.until(lambda: len(page.all(".bar")) == len(labels), "a bar for each label")
    shares = [float(number.text.split()[0].rstrip("%")) for number in page.all(".bar-number")]
    expect(shares == sorted(shares, reverse=True), "the likeliest label first")
    first = page.all(".bar-label")[0].text
    expect(first == labels[0], f"“{labels[0]}” as the likeliest label; it is “{first}”")
    page.picture("photo-labels")
    page.open(page.address())
    page.until(lambda: len(page.all(".bar")) == len(labels), "the labels remembered after loading the page anew")
    page.press(Keys.ESCAPE)
    page.gone("#photo", "the photo closed")


def check_keyboard(page: Page, options: argparse.Namespace) -> None:
    page.open()
    page.shown(".tile", "pictures on the start page")
    page.press("/")
    expect(page.focused().get_attribute("id") == "query", "the cursor in the search field after /")
    expect(page.focused().get_property("value") == "", "no slash in the search field")
    page.press(Keys.ARROW_DOWN)
    links = page.all(".tile-link")
    expect(page.focused() == links[0], "the first picture after the arrow down")
    page.press(Keys.ARROW_RIGHT)
    expect(page.focused() == links[1], "the second picture after the arrow right")
    page.picture("keyboard-grid")
    page.press(Keys.ENTER)
    page.shown("#photo-picture", "the picture that was entered")
    second = page.address()
    page.press(Keys.ARROW_LEFT)
    page.until(lambda: page.address() != second and page.text(".photo-position").startswith("1 "), "the picture before it")
    page.press(Keys.ARROW_RIGHT)
    page.until(lambda: page.address() == second, "the second picture again")
    page.press(Keys.ESCAPE)
    page.gone("#photo", "the photo closed with Escape")
    page.until(lambda: page.focused() == page.all(".tile-link")[1], "the focus on the picture that was seen last")
    expect(page.address() in ("", "#/"), "the address of the start page after Escape")
    page.press(Keys.ARROW_LEFT, Keys.ARROW_UP)
    expect(page.focused().get_attribute("id") == "query", "the search field above the first row")
    page.press(Keys.ESCAPE)
    expect(page.focused().get_attribute("id") != "query", "the search field left with Escape")


def check_duplicates(page: Page, options: argparse.Namespace) -> None:
    page.open("#/duplicates")
    page.shown(".duplicate-group", "groups of duplicates; the library needs some")
    before = page.text("#duplicates-summary")
    group = page.all(".duplicate-group")[0]
    files = group.find_elements(By.CSS_SELECTOR, ".file")
    expect("is-kept" in files[0].get_attribute("class"), "the file that is kept, marked")
    files[1].find_element(By.CSS_SELECTOR, "[data-action=keep]").click()
    expect("is-kept" in files[1].get_attribute("class") and "is-going" in files[0].get_attribute("class"), "another file marked as kept")
    spare = files[0].find_element(By.CSS_SELECTOR, "[data-action=spare]")
    spare.click()
    expect("is-going" not in files[0].get_attribute("class"), "a file that is spared")
    spare.click()
    page.picture("duplicates-choice")
    group.find_element(By.CSS_SELECTOR, "[data-action=trash-group]").click()
    outcome = page.shown(".group-outcome", "what came of moving files to the trash")
    expect(f"{len(files) - 1} file" in outcome.text, f"that the other files are in the trash; it says “{outcome.text}”")
    expect(not group.find_elements(By.CSS_SELECTOR, ".problem-line"), f"no obstacle; it says “{outcome.text}”")
    page.picture("duplicates-trashed")
    page.shown("#undo-trash", "the button that takes it back").click()
    page.gone(".group-outcome", "the groups anew after taking it back")
    page.until(lambda: page.text("#duplicates-summary") == before, f"as many duplicates as before: {before}")
    page.shown(".notice", "that the files are back").find_element(By.TAG_NAME, "button").click()
    if page.all("#trash-all") and page.all("#trash-all")[0].is_displayed():
        button = page.all("#trash-all")[0]
        page.browser.execute_script("arguments[0].scrollIntoView({ block: 'center' })", button)
        button.click()
        page.shown("#confirmation", "a question before all groups are acted on")
        page.picture("duplicates-confirmation")
        page.press(Keys.ESCAPE)
        page.gone("#confirmation", "the question closed with Escape")
        expect(not page.all(".group-outcome"), "nothing moved without consent")


def check_library(page: Page, options: argparse.Namespace) -> None:
    page.open("#/library")
    page.shown("#library-numbers dd", "the numbers of the library")
    expect(any(character.isdigit() for character in page.text("#library-numbers dd")), "how many pictures there are")
    page.shown("#start-indexing", "the button that looks for changes").click()
    # A small library is done at once, so that progress may not be seen; the outcome always is.
    page.until(lambda: page.text("#indexing-outcome") or page.all(".indexing-running:not([hidden])"), "that indexing runs")
    page.picture("library-indexing")
    page.until(lambda: "unchanged" in page.text("#indexing-outcome"), "what indexing found")
    page.shown("#start-indexing", "the button again after indexing")


def check_models(page: Page, options: argparse.Namespace) -> None:
    page.open("#/models")
    page.shown(".model", "the models")
    expect("on this machine" in page.text("#models-summary"), "how many models are installed")
    expect("default" in page.text("#models"), "which model is the default")


def check_dark(page: Page, options: argparse.Namespace) -> None:
    light = page.browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    page.prefer("dark")
    page.open(search_address(options.query))
    page.shown(".tile", "pictures in the dark")
    page.until(lambda: page.pictures_loaded(".tile img"), "thumbnails in the dark")
    dark = page.browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    expect(brightness(dark) < 60 < 200 < brightness(light), f"a dark ground for those who prefer it; it is {dark}, else {light}")
    page.picture("dark-search")
    page.all(".tile-link")[0].click()
    page.until(lambda: page.pictures_loaded("#photo-picture"), "a photo in the dark")
    page.shown(".facts", "what is known of the photo, in the dark")


def brightness(colour: str) -> float:
    """The mean of red, green and blue of `rgb(…)`."""
    numbers = [float(part) for part in colour[colour.index("(") + 1:-1].split(",")[:3]]
    return sum(numbers) / 3


def check_phone(page: Page, options: argparse.Namespace) -> None:
    page.prefer("light")
    for width, height in (PHONE, SMALL_PHONE):
        page.size(width, height, is_phone=True)
        for name, address, sign in (
            ("start", "#/", ".tile"),
            ("search", search_address(options.query), ".tile"),
            ("nothing-found", search_address(options.absent_query), "#nothing-found"),
            ("duplicates", "#/duplicates", ".duplicate-group"),
            ("library", "#/library", "#library-numbers dd"),
            ("models", "#/models", ".model"),
        ):
            page.open(address)
            page.shown(sign, f"{name} on a phone")
            wide = page.browser.execute_script("return document.documentElement.scrollWidth")
            expect(wide <= width, f"{name} no wider than {width} pixels; it is {wide}")
            page.shown(".navigation a", "the views at the lower edge")
            page.picture(f"phone-{width}-{name}")
        page.open(search_address(options.query))
        page.shown(".tile-link", "a picture to open on a phone").click()
        page.until(lambda: page.pictures_loaded("#photo-picture"), "a photo on a phone")
        page.shown(".facts", "what is known of the photo, on a phone")
        page.picture(f"phone-{width}-photo")
    page.size(*DESKTOP)


STEPS = {
    "start": check_start,
    "search": check_search,
    "filters": check_filters,
    "nothing-found": check_nothing_found,
    "drop": check_drop,
    "similar": check_similar,
    "photo": check_photo,
    "keyboard": check_keyboard,
    "duplicates": check_duplicates,
    "library": check_library,
    "models": check_models,
    "dark": check_dark,
    "phone": check_phone,
}


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:7313", help="where the server is")
    parser.add_argument("--screenshots", required=True, metavar="FOLDER", help="where the pictures of each step go")
    parser.add_argument("--picture", required=True, metavar="FILE", help="a picture to search by")
    parser.add_argument("--query", default="a cat", help="words that a picture of the library fits")
    parser.add_argument("--absent-query", default="a giraffe playing chess", help="words that no picture of the library fits")
    parser.add_argument("--labels", default="cat, motorcycle, cup of coffee",
                        help="labels for the first picture that --query finds, the right one first")
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS), help="only these")
    parser.add_argument("--timeout", type=float, default=20, help="seconds to wait for anything")
    parser.add_argument("--driver", metavar="FILE", help="chromedriver, where it is not in the path")
    parser.add_argument("--browser", metavar="FILE", help="Chromium or Chrome, where the driver does not find it")
    return parser.parse_args()


def main() -> int:
    options = parse_options()
    page = Page(options)
    step = "start"
    try:
        page.size(*DESKTOP)
        page.prefer("light")
        for step in options.steps:
            STEPS[step](page, options)
            page.picture(step)
            page.check_console()
            print(f"ok      {step}")
    except Unmet as unmet:
        page.picture(f"{step}-failed")
        print(f"FAILED  {step}: expected {unmet}", file=sys.stderr)
        return 1
    finally:
        page.browser.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
