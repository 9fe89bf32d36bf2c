/** Where in the client one is: `/` is home, `/graphs/ID` a graph. */
class Route {
  #path = $state(location.pathname);
  readonly graph = $derived(/^\/graphs\/([\w-]+)$/.exec(this.#path)?.[1] ?? null);

  constructor() {
    window.addEventListener('popstate', () => (this.#path = location.pathname));
    // Links within the client change the page without loading it anew.
    document.addEventListener('click', (event) => {
      const link = (event.target as Element | null)?.closest('a');
      const isOurs = link?.origin === location.origin && !link.hasAttribute('download') && !link.target && /^\/($|graphs\/)/.test(link.pathname);
      if (!isOurs || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      this.go(link.pathname);
    });
  }

  go(path: string): void {
    history.pushState(null, '', path);
    this.#path = path;
  }
}

export const route = new Route();
