/** `<nd-cloud>`: the running ensemble in the plane, with the 3σ ellipses of both theories and of the measurement. */
import { Cancelled, type FullScenario, type Prediction, type Snapshot } from "../engine/engine";
import type { Plot } from "../plot";
import { dimensionOf, same } from "../state/document";
import { axesOf, blockOf, measuredOf, type PlaneView, placesOf, USUAL } from "./cloud-axes";
import { CovarianceTable } from "./cloud-comparison";
import { cloudTables, gridOf, readoutOfCloud } from "./cloud-laws";
import { histogram, type PinnedLaw, plane } from "./cloud-plot";
import { comparedLaws } from "./cloud-theories";
import { REPLICAS, Trails } from "./cloud-trails";
import { canRetune } from "./cloud-tune";
import { sameAxes } from "./cloud-view";
import { entriesOf, tell } from "./cloud-words";
import { make, prose } from "./dom";
import { GridReading } from "./grid-reading";
import { type Further, Instrument, type Table } from "./instrument";
import { count, counted } from "./numbers";
import { Pace } from "./pace";
import { describeDifference, Pin } from "./pin";
import { Watched } from "./watched";

/** Milliseconds of work between two pictures at full speed, and steps that are never reached in them. */
const FRAME = 12;
const FAR = 1e6;
/** Milliseconds that numbers and words stand while the picture moves: nobody reads sixty a second, and setting them costs as much as it. */
const LEGIBLE = 100;

/** A scenario whose law is kept to be seen beside the next one's. */
interface Kept {
  readonly scenario: FullScenario;
  readonly prediction: Prediction;
}

export type Speed = "1" | "5" | "20" | "60" | "max";

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export class CloudElement extends Instrument {
  protected readonly fileName = "noisy-descent-cloud";
  #scenario: FullScenario | undefined;
  /** The ensemble that is shown, and the one that is wanted, which may not be there yet. */
  #shown: Watched | undefined;
  #wanted: Promise<Watched | undefined> = Promise.resolve(undefined);
  #openings = 0;
  /** Nothing has been shown yet: what comes first plays by itself. */
  #fresh = true;
  #playing = false;
  /** It stopped because its scenario's steps were over, not because somebody stopped it. */
  #ended = false;
  readonly #pace = new Pace();
  /** The step that was counted last, and when it was told. */
  #counted = 0;
  #told = 0;
  /** Whether a next frame is asked for: none is while nobody sees it. */
  #ticking = false;
  #owed = 0;
  #last = 0;
  speed: Speed = "60";
  #view: PlaneView = USUAL;
  readonly #trails = new Trails();
  /** Whether trails are drawn; who wants no motion has to ask. */
  #trailing = !calm();

  readonly #play = make("button", { type: "button", class: "play", onclick: () => this.toggle() }, "Play");
  readonly #step = make("button", { type: "button", onclick: () => void this.step() }, "Step");
  readonly #reset = make("button", { type: "button", onclick: () => void this.reset() }, "Reset");
  readonly #trailButton = make(
    "button",
    {
      type: "button",
      name: "trails",
      class: "quiet",
      "aria-pressed": String(this.#trailing),
      onclick: () => this.#trail(),
    },
    "Trails",
  );
  readonly #counter = make("output", { class: "counter", "aria-live": "off" });
  readonly #comparison = new CovarianceTable();
  readonly #words = make("p", { class: "words" });
  readonly #live = this.live;
  #reading: GridReading | undefined;
  /** The ellipses of an earlier scenario: its discrete law. */
  readonly #pin = new Pin<Kept>({
    take: () => {
      const { snapshot, scenario, prediction } = this.#shown ?? {};
      return snapshot && scenario && prediction?.discrete?.stationary ? { scenario, prediction } : undefined;
    },
    describe: (kept) => this.#describePinned(kept),
    changed: () => this.redraw(),
    live: this.live,
  });

  protected build(): void {
    const picture = this.makePicture((width) => Math.max(280, Math.min(460, 0.8 * width)));
    this.#reading = this.#read(picture);
    const beside = make(
      "div",
      { class: "beside" },
      make(
        "div",
        { class: "bar" },
        this.#play,
        this.#step,
        this.#reset,
        this.#trailButton,
        this.#pin.button,
        this.#counter,
      ),
      this.#comparison.make(this.dataset.name),
      this.#words,
      this.#pin.words,
      this.makeData(),
    );
    this.append(make("div", { class: "pair" }, picture, beside), this.#live);
  }

  /**
   * Shows a scenario. Where only numbers have changed the ensemble goes on with them from where it is; else it is set at the
   * scenario's start, with its seed. What was playing goes on playing.
   */
  set scenario(scenario: FullScenario) {
    if (this.#scenario && same(this.#scenario as never, scenario as never)) return;
    const first = this.#fresh;
    this.#scenario = scenario;
    const watched = this.#shown;
    // Those who want no motion get the settled picture, which is that of a run of its own.
    if (watched && !watched.closed && watched.step > 0 && !calm() && canRetune(watched.scenario, scenario)) {
      this.whenSeen(() => void this.#retune(watched, scenario).catch(this.#fail));
      return;
    }
    if (!watched) this.#compare(scenario);
    // The ensemble of another scenario does not move on while its successor waits to be seen.
    this.#openings++;
    void watched?.close();
    this.whenSeen(() => {
      this.#fresh = false;
      const opening = this.#open();
      if (calm()) void this.settle();
      else if (first) void opening.then((watched) => watched && this.play());
    });
  }

  /** Lets the ensemble go on with other numbers; one that had come to its end goes as far again. */
  async #retune(watched: Watched, scenario: FullScenario): Promise<void> {
    const outcome = await this.engine?.predict(scenario);
    if (!outcome || this.#scenario !== scenario || watched.closed) return;
    if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join("; "));
    await watched.retune(scenario, outcome.value, axesOf(scenario, outcome.value, this.#view));
    if (watched !== this.#shown || watched.closed) return;
    this.#live.textContent = this.#words.textContent;
    if (this.#ended) this.play();
  }

  get playing(): boolean {
    return this.#playing;
  }

  toggle(): void {
    if (this.#playing) this.pause();
    else this.play();
  }

  play(): void {
    if (this.#playing) return;
    this.#playing = true;
    this.#ended = false;
    this.#play.textContent = "Pause";
    this.#resume();
  }

  /** A cloud that was out of view goes on from where it stood: it does not catch up. */
  protected override seen(inView: boolean): void {
    if (inView) this.#resume();
  }

  #resume(): void {
    if (!this.#playing || this.#ticking || !this.inView) return;
    this.#ticking = true;
    [this.#last, this.#owed] = [performance.now(), 0];
    requestAnimationFrame(this.#tick);
  }

  pause(): void {
    this.#playing = false;
    this.#ended = false;
    this.#play.textContent = "Play";
    // What stood there while it moved may be of a few steps earlier.
    if (this.#shown?.snapshot) this.#tell(this.#shown, this.#shown.snapshot);
    this.#live.textContent = this.#words.textContent;
  }

  /** One update of every replica. */
  step(): Promise<void> {
    this.pause();
    return this.#act((watched) => watched.more(1));
  }

  /** Back to the start with the same seed. */
  async reset(): Promise<void> {
    this.pause();
    this.hurry();
    await this.#open();
  }

  /** Goes to the scenario's number of steps without showing the way: for those who want no motion. */
  settle(): Promise<void> {
    this.pause();
    return this.#act((watched) => watched.to(watched.scenario.run.steps));
  }

  /** Does something with the ensemble that is wanted and reads the result out. */
  async #act(act: (watched: Watched) => Promise<void>): Promise<void> {
    this.hurry(); // who asks for a step wants it, in view or not
    const watched = await this.#wanted;
    if (!watched) return;
    await act(watched).catch(this.#fail);
    if (watched === this.#shown) this.#live.textContent = this.#words.textContent;
  }

  /** Opens an ensemble of the scenario; undefined when another one was asked for meanwhile, or it failed. */
  #open(): Promise<Watched | undefined> {
    const opening = ++this.#openings;
    void this.#shown?.close();
    this.#wanted = this.#make(opening).catch((error: unknown) => {
      if (opening === this.#openings) this.#fail(error);
      return undefined;
    });
    return this.#wanted;
  }

  async #make(opening: number): Promise<Watched | undefined> {
    const [engine, scenario] = [this.engine, this.#scenario];
    if (!engine || !scenario) return undefined;
    const outcome = await engine.predict(scenario);
    if (opening !== this.#openings) return undefined;
    if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join("; "));
    const ensemble = await engine.ensemble(scenario);
    const watched = new Watched(scenario, outcome.value, ensemble, () => this.#see());
    if (opening !== this.#openings) {
      await watched.close();
      return undefined;
    }
    this.#aim(watched);
    this.#trails.clear();
    this.#shown = watched;
    await watched.look();
    return watched;
  }

  readonly #fail = (error: unknown) => {
    if (error instanceof Cancelled) return;
    this.pause();
    this.#words.textContent = `The ensemble stopped: ${(error as Error).message}`;
    this.#live.textContent = this.#words.textContent;
  };

  readonly #tick = (now: number) => {
    this.#ticking = this.#playing && this.inView;
    if (!this.#ticking) return;
    requestAnimationFrame(this.#tick);
    const watched = this.#shown;
    if (!watched?.snapshot || watched.closed || watched.busy) return;
    if (this.speed === "max") {
      this.#go(watched, FAR, FRAME);
      return;
    }
    // A page that was busy does not catch up.
    this.#owed += Math.min(0.25, (now - this.#last) / 1000) * Number(this.speed);
    this.#last = now;
    const whole = Math.floor(this.#owed);
    if (whole < 1) return;
    this.#owed -= whole;
    this.#go(watched, whole);
  };

  /** Plays on. The first time it reaches the scenario's own end it stops there. */
  #go(watched: Watched, steps: number, within?: number): void {
    const [end, from] = [watched.end, watched.step];
    const target = from < end ? Math.min(end, from + steps) : from + steps;
    const arrived = () => {
      if (from >= end || watched.step < end || watched !== this.#shown || !this.#playing) return;
      this.pause();
      this.#ended = true;
    };
    void watched.to(target, within).then(arrived, this.#fail);
  }

  protected plot(width: number, height: number): Plot | undefined {
    const watched = this.#shown;
    if (!watched?.snapshot) return undefined;
    const { snapshot, prediction, scenario } = watched;
    const common = { width, height, description: this.#words.textContent ?? "" };
    const under = this.#reading?.marks() ?? [];
    if (snapshot.view.x === snapshot.view.y) {
      const picture = histogram(snapshot, prediction, this.#pinned());
      return { ...common, ...picture, marks: [...picture.marks, ...under] };
    }
    const trails = this.#trailing ? this.#trails.marks() : [];
    const { x, y, directions } = snapshot.view;
    const axes = directions ? { x, y, directions } : { x, y };
    const picture = plane(snapshot, prediction, scenario.run.replicas, axes, trails, this.#pinned());
    return { ...common, ...picture, marks: [...picture.marks, ...under] };
  }

  #describePinned({ scenario }: Kept): string {
    const now = this.#shown;
    if (!now) return "";
    if (dimensionOf(scenario) !== dimensionOf(now.scenario))
      return "The pinned result has another number of weights; it is not drawn here.";
    return describeDifference({ scenario }, now, { drawn: "its discrete law in thin grey" });
  }

  /** The pinned law along the present axes. */
  #pinned(): PinnedLaw | undefined {
    const [kept, watched] = [this.#pin.kept, this.#shown];
    if (!kept || !watched || dimensionOf(kept.scenario) !== dimensionOf(watched.scenario)) return undefined;
    const covariance = blockOf(kept.prediction.discrete?.stationary, watched.axes);
    return covariance && { covariance, color: getComputedStyle(this).getPropertyValue("--muted") };
  }

  /** The cursor over the cells of the density, or over the bins. */
  #read(picture: HTMLElement): GridReading {
    return new GridReading(picture, {
      label: "The ensemble; arrow keys read its density and how far out a place is",
      host: () => this.host,
      grid: () => this.#shown?.snapshot && gridOf(this.#shown.snapshot),
      tell: (cell) => {
        const [watched, snapshot] = [this.#shown, this.#shown?.snapshot];
        if (!watched || !snapshot) return [];
        return readoutOfCloud(snapshot, watched.prediction, this.#axesOf(watched.scenario, snapshot), cell);
      },
      changed: () => this.redraw(),
      live: this.#live,
    });
  }

  /** Shows what the ensemble is like now. */
  #see(): void {
    const [watched, snapshot] = [this.#shown, this.#shown?.snapshot];
    if (!watched || !snapshot) return;
    const { step } = snapshot;
    const axes = this.#axesOf(watched.scenario, snapshot);
    const single = axes.x === axes.y;
    this.#trailButton.hidden = single;
    if (!this.#trailing || !snapshot.places || single) this.#trails.clear();
    else this.#trails.add(step, placesOf(snapshot.places, dimensionOf(watched.scenario), axes), axes);
    const steps = step - this.#counted;
    this.#counted = step;
    const now = performance.now();
    if (steps >= 0) this.#pace.add(steps * snapshot.measurement.replicas, now);
    if (!this.#playing || now - this.#told > LEGIBLE) this.#tell(watched, snapshot);
    this.redraw();
    // What the theories say after all steps is not said of an ensemble that was changed on its way.
    if (step === watched.scenario.run.steps && snapshot.changed === undefined) this.tellMeasured();
  }

  /** Says in numbers and words what is seen. */
  #tell(watched: Watched, snapshot: Snapshot): void {
    this.#told = performance.now();
    this.#count(watched);
    this.#compare(watched.scenario, snapshot);
    this.#pin.write();
    const words = tell(watched.scenario, snapshot);
    const { diverged } = snapshot.measurement;
    const news = diverged > 0 && !(this.#words.textContent ?? "").includes("diverged");
    this.#words.replaceChildren(...prose(words));
    if (news) this.#live.textContent = words;
  }

  /** Says how far it is, of what, and how fast it goes. */
  #count({ scenario, snapshot }: Watched): void {
    if (!snapshot) return;
    const { step, measurement } = snapshot;
    const { replicas } = measurement;
    const pace = this.#playing ? this.#pace.perSecond : undefined;
    const speed = pace ? `, ${count(Number(pace.toPrecision(2)))} updates/s` : "";
    this.#counter.textContent = `step ${count(step)}, ${counted(replicas, "replica")}, seed ${scenario.run.seed}${speed}`;
  }

  #compare(scenario: FullScenario, snapshot?: Snapshot): void {
    this.toggleAttribute("exact", this.#comparison.fill(this.#axesOf(scenario, snapshot), snapshot));
  }

  protected override async explain(): Promise<readonly string[]> {
    const { explainCloud } = await import("./explain");
    return this.#scenario ? explainCloud(this.#scenario, this.#shown?.step ?? 0) : [];
  }

  protected override further(): Further[] {
    const [watched, snapshot] = [this.#shown, this.#shown?.snapshot];
    if (!watched || !snapshot) return [];
    return cloudTables(snapshot, watched.prediction, this.#axesOf(watched.scenario, snapshot));
  }

  protected documented() {
    const scenario = this.#scenario;
    return scenario && { scenario };
  }

  protected table(): Table {
    const [watched, snapshot] = [this.#shown, this.#shown?.snapshot];
    const header = ["quantity", "measured", "standard_error", "discrete", "continuous", "exact"];
    if (!watched || !snapshot) return { caption: "", header, rows: [] };
    const axes = this.#axesOf(watched.scenario, snapshot);
    const measured = measuredOf(snapshot, axes);
    const { discrete, continuous, exact } = comparedLaws(snapshot);
    const laws = [discrete, continuous, exact].map((law) => blockOf(law, axes));
    const { changed } = snapshot;
    const after =
      changed === undefined ? "" : `, changed at step ${count(changed)}; theories in the long run`;
    return {
      caption: `Covariance at step ${count(snapshot.step)}${after}`,
      header,
      rows: entriesOf(axes).map(({ name, i, j }) => [
        name.replaceAll(",", " and"),
        measured.covariance?.[i][j],
        measured.error?.[i][j],
        ...laws.map((law) => law?.[i][j]),
      ]),
    };
  }

  /** The axes that a snapshot was taken along; those that are asked for before there is one. */
  #axesOf(scenario: FullScenario, snapshot: Snapshot | undefined) {
    if (!snapshot) return axesOf(scenario, undefined, this.#view);
    const { x, y, directions } = snapshot.view;
    return directions ? { x, y, directions } : { x, y };
  }

  /** What spans the plane: acts on the running ensemble at once. */
  set view({ plane, across, upwards }: PlaneView) {
    const before = this.#view;
    this.#view = { plane, across, upwards };
    if (before.plane === plane && before.across === across && before.upwards === upwards) return;
    const watched = this.#shown;
    if (watched) this.#aim(watched);
    if (watched?.snapshot && !sameAxes(watched.snapshot.view, watched.axes)) {
      this.#trails.clear();
      void watched.look().catch(this.#fail);
    }
  }

  /** What an ensemble is looked at for. */
  #aim(watched: Watched): void {
    watched.axes = axesOf(watched.scenario, watched.prediction, this.#view);
    watched.places = this.#trailing ? REPLICAS : 0;
  }

  #trail(): void {
    this.#trailing = !this.#trailing;
    this.#trailButton.setAttribute("aria-pressed", String(this.#trailing));
    this.#trails.clear();
    const watched = this.#shown;
    if (!watched) return;
    this.#aim(watched);
    void watched.look().catch(this.#fail);
  }
}

customElements.define("nd-cloud", CloudElement);
