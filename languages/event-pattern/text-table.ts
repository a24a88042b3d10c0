/** So many texts are compared one by one, which is quicker than to make the hash of a text that was just cut out of an event. */
const fewTexts = 8;

/** Values by texts. */
export class TextTable<Value> {
  private readonly texts: string[] = [];
  private readonly values: Value[] = [];
  private byText: Map<string, Value> | undefined;

  /** The value of a text. */
  get(text: string): Value | undefined {
    if (this.byText !== undefined) return this.byText.get(text);
    const { texts } = this;
    for (let at = 0; at < texts.length; at++) if (texts[at] === text) return this.values[at];
    return undefined;
  }

  /** Sets the value of a text. */
  set(text: string, value: Value): void {
    const known = this.byText === undefined ? this.texts.indexOf(text) : -1;
    if (this.byText !== undefined) this.byText.set(text, value);
    else if (known >= 0) this.values[known] = value;
    else {
      this.texts.push(text);
      this.values.push(value);
      if (this.texts.length > fewTexts)
        this.byText = new Map(this.texts.map((each, at) => [each, this.values[at] as Value]));
    }
  }
}
