/** Where in the client one is: `/` is home, `/graphs/ID` a graph, `/runs` all runs, `/runs/ID` one. */
class Route {
  #url = $state.raw(new URL(location.href));
  /** Whether one came here from another page of the client. */
  hasMoved = false;
  readonly path = $derived(this.#url.pathname);
  readonly #parts = $derived(this.path.split('/').filter(Boolean).map(decodeURIComponent));
  /** The first part of the address; `home` where there is none. */
  readonly page = $derived(this.#parts[0] ?? 'home');
  /** The second part: of what kind, the page says. */
  readonly id = $derived(this.#parts[1] ?? null);
  readonly graph = $derived(this.page === 'graphs' ? this.id : null);
  readonly query = $derived(this.#url.searchParams);

  constructor() {
    window.addEventListener('popstate', () => this.#arrive());
    // Links within the client change the page without loading it anew.
    document.addEventListener('click', (event) => {
      const link = (event.target as Element | null)?.closest('a');
      const isOurs = link?.origin === location.origin && !link.hasAttribute('download') && !link.target && !link.pathname.startsWith('/api');
      if (!isOurs || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      this.go(link.pathname + link.search);
    });
  }

  go(address: string): void {
    history.pushState(null, '', address);
    this.#arrive();
  }

  /** Goes elsewhere, as if one had come there at once. */
  replace(address: string): void {
    history.replaceState(null, '', address);
    this.#url = new URL(location.href);
  }

  /** Changes what the address says of the page that is shown. */
  set(query: URLSearchParams): void {
    history.replaceState(null, '', query.size > 0 ? `${this.path}?${query}` : this.path);
    this.#url = new URL(location.href);
  }

  #arrive(): void {
    this.hasMoved = true;
    this.#url = new URL(location.href);
  }
}

export const route = new Route();
