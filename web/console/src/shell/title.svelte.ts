// The document's title: how many wait, the page, the company.
class Title {
  page = $state('');
  company = $state('');
  count = $state(0);

  get text(): string {
    const name = [this.page, this.company || 'Balcão'].filter(Boolean).join(' · ');
    return this.count > 0 ? `(${this.count}) ${name}` : name;
  }
}

export const title = new Title();
