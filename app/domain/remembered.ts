// Owns the memory for what is worked out once for equal arguments: mails of a morning tell the same deadlines.

/** How many results are kept before all are forgotten: more deadlines than the batches under way tell. */
const MOST = 5000;

/** `make`, which must depend on nothing but its argument, plain data: equal words are laid out once. */
export function remembered<Words, Made>(make: (words: Words) => Made): (words: Words) => Made {
  const known = new Map<string, Made>();
  return (words) => {
    const key = JSON.stringify(words);
    let made = known.get(key);
    if (made === undefined) {
      made = make(words);
      if (known.size >= MOST) known.clear();
      known.set(key, made);
    }
    return made;
  };
}
