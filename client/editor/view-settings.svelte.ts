import { measures, type Measure } from './costs.ts';

const store = 'stillroom.view';
const defaults = { heat: false, cost: false, snaps: true, minimap: true, palette: false };
export type ViewSetting = keyof typeof defaults;

/** How somebody likes the canvas; kept from one visit to the next. */
class ViewSettings {
  heat = $state(defaults.heat);
  cost = $state(defaults.cost);
  snaps = $state(defaults.snaps);
  minimap = $state(defaults.minimap);
  palette = $state(defaults.palette);
  /** What heat and costs tell. */
  heatBy: Measure = $state('multiplyAdds');

  constructor() {
    try {
      const kept = JSON.parse(localStorage.getItem(store) ?? '{}') as Record<string, unknown>;
      for (const name of Object.keys(defaults) as ViewSetting[]) if (typeof kept[name] === 'boolean') this[name] = kept[name];
      if (typeof kept['heatBy'] === 'string' && kept['heatBy'] in measures) this.heatBy = kept['heatBy'] as Measure;
    } catch {
      // What somebody else wrote there is no setting.
    }
  }

  toggle(name: ViewSetting): void {
    this[name] = !this[name];
    this.#keep();
  }

  /** Colours nodes by another measure. */
  look(measure: Measure): void {
    this.heatBy = measure;
    this.#keep();
  }

  #keep(): void {
    localStorage.setItem(store, JSON.stringify({ ...Object.fromEntries(Object.keys(defaults).map((one) => [one, this[one as ViewSetting]])), heatBy: this.heatBy }));
  }
}

export const viewSettings = new ViewSettings();
