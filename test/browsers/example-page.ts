import { mkdirSync, writeFileSync } from "node:fs";
import { inRoot } from "../../scripts/entries.ts";
import type { Tab, TabPowers } from "./browser.ts";
import { ensure } from "./scenario.ts";
import { until } from "./wait.ts";

const WIDE = 1_280;
const NARROW = 390;

/** Resolves when what fades has faded, and the page has been drawn twice since. */
const AT_REST = `Promise.allSettled(document.getAnimations().flatMap((each) => each instanceof CSSTransition ? each.finished : []))
  .then(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)))))`;

/** The page of an example, as its user sees it. Pictures of it go into a folder of test-results/, for people to look at. */
export class ExamplePage {
  protected readonly tab: Tab & TabPowers;
  readonly #folder: string;

  constructor(tab: Tab & TabPowers, folder: string) {
    this.tab = tab;
    this.#folder = inRoot(`test-results/${folder}`);
    mkdirSync(this.#folder, { recursive: true });
  }

  async load(url: string): Promise<void> {
    await this.tab.resize(WIDE);
    await this.tab.goto(url);
  }

  /** Some drivers have one tab only, so it is not closed. */
  async leave(): Promise<void> {
    await this.tab.goto("about:blank");
  }

  async text(id: string): Promise<string> {
    return String(await this.tab.ask(`document.getElementById(${JSON.stringify(id)}).textContent`));
  }

  async click(id: string): Promise<void> {
    await this.tab.ask(`document.getElementById(${JSON.stringify(id)}).click()`);
  }

  /** Fills in a field. */
  async choose(id: string, value: string): Promise<void> {
    await this.tab.ask(`(() => {
      const field = document.getElementById(${JSON.stringify(id)});
      field.value = ${JSON.stringify(value)};
      field.dispatchEvent(new Event("change", { bubbles: true }));
    })()`);
  }

  /** Waits for a state by its name on the badge. Answers when it was seen. */
  async shows(name: string): Promise<number> {
    await until(`"${name}" on the badge`, async () => ((await this.text("state-name")) === name ? true : undefined));
    return Date.now();
  }

  async picture(name: string): Promise<void> {
    await this.tab.ask(AT_REST);
    writeFileSync(`${this.#folder}/${name}.png`, await this.tab.screenshot());
  }

  async narrowPicture(name: string): Promise<void> {
    await this.tab.resize(NARROW);
    await this.picture(name);
    const over = await this.tab.ask("document.documentElement.scrollWidth - innerWidth");
    ensure(Number(over) <= 0, `the narrow page is ${String(over)} px too wide: it scrolls sideways`);
    await this.tab.resize(WIDE);
  }

  async darkPicture(name: string): Promise<void> {
    if (!this.tab.setScheme) return;
    await this.tab.setScheme("dark");
    await this.picture(name);
    await this.tab.setScheme("light");
  }
}
