//! Many words looked for at once, at places where they may begin.
//!
//! A name or phrase begins where a word does, so that most bytes of a text begin none. Two bytes decide whether
//! one may stand there, after a hash of four where it seldom does; then the tree is walked. That takes a fraction of the steps of an automaton that looks for
//! all of them at every byte, and a fraction of its time to build.

use std::ops::Range;

/// Words by their beginnings.
pub struct Trie {
    /// All words in order, one behind the other.
    bytes: Vec<u8>,
    /// By place in that order: where the word ends, and its number.
    words: Vec<(u32, u32)>,
    nodes: Vec<Node>,
    /// For each node the byte that leads to it.
    labels: Vec<u8>,
    /// By first byte: the row of `second`; 0 where no word begins with it.
    first: [u8; 256],
    /// By row and second byte: the node that two bytes lead to; 0 where none does.
    second: Vec<[u16; 256]>,
    /// The words of one byte, with their numbers.
    single: Vec<(u8, u32)>,
    beginnings: Beginnings,
}

/// Where a word may begin: sets of bits, [`Beginnings::BITS`] each; empty ones where there are no words.
struct Beginnings {
    /// By hash of the first four bytes.
    long: Vec<u64>,
    /// By the first two bytes, for words of less than four.
    short: Vec<u64>,
}

impl Beginnings {
    /// There are so many pairs of bytes; of the hashes of a lexicon one in thirty is taken.
    const BITS: usize = 1 << 16;

    const NONE: Beginnings = Beginnings { long: Vec::new(), short: Vec::new() };

    fn of<'w>(words: impl Iterator<Item = &'w [u8]>) -> Beginnings {
        let none = || vec![0; Beginnings::BITS / 64];
        let mut beginnings = Beginnings { long: none(), short: none() };
        let add = |bits: &mut Vec<u64>, at: u16| bits[usize::from(at) / 64] |= 1 << (at % 64);
        for word in words {
            match *word {
                [a, b, c, d, ..] => add(&mut beginnings.long, hash([a, b, c, d])),
                [a, b, ..] => add(&mut beginnings.short, u16::from_le_bytes([a, b])),
                [a] => (0..=u8::MAX).for_each(|b| add(&mut beginnings.short, u16::from_le_bytes([a, b]))),
                [] => {}
            }
        }
        beginnings
    }

    /// Whether a word may begin with four bytes, or be shorter.
    #[inline]
    fn has(&self, four: [u8; 4]) -> bool {
        let is_set =
            |bits: &[u64], at: u16| bits.get(usize::from(at) / 64).is_some_and(|bits| bits & 1 << (at % 64) != 0);
        is_set(&self.long, hash(four)) || is_set(&self.short, u16::from_le_bytes([four[0], four[1]]))
    }
}

/// Fibonacci hashing.
fn hash(four: [u8; 4]) -> u16 {
    (u32::from_le_bytes(four).wrapping_mul(0x9E37_79B9) >> 16) as u16
}

/// Words that begin alike.
#[derive(Clone, Copy, Default)]
struct Node {
    /// What they have in common behind the byte that leads here, in `bytes`.
    rest: u32,
    rest_len: u32,
    /// The first of those that end with it, and how many do.
    words: u32,
    ends: u32,
    /// The first of the nodes for those that go on, one behind the other.
    children: u32,
    branches: u32,
}

impl Trie {
    /// No words.
    pub const NONE: Trie = Trie {
        bytes: Vec::new(),
        words: Vec::new(),
        nodes: Vec::new(),
        labels: Vec::new(),
        first: [0; 256],
        second: Vec::new(),
        single: Vec::new(),
        beginnings: Beginnings::NONE,
    };

    /// The tree of words, each with the number by which it is told. Empty words are never found.
    pub fn new<'w>(words: impl IntoIterator<Item = (u32, &'w str)>) -> Trie {
        let mut sorted: Vec<(&[u8], u32)> = words
            .into_iter()
            .map(|(number, word)| (word.as_bytes(), number))
            .filter(|(word, _)| !word.is_empty())
            .collect();
        sorted.sort_unstable();
        // Node 0 and row 0 stand for none.
        let mut trie = Trie {
            nodes: vec![Node::default()],
            labels: vec![0],
            second: vec![[0; 256]],
            beginnings: Beginnings::of(sorted.iter().map(|(word, _)| *word)),
            ..Trie::NONE
        };
        for (word, number) in &sorted {
            trie.bytes.extend_from_slice(word);
            trie.words.push((trie.bytes.len() as u32, *number));
        }
        // The nodes still to branch: their words, and how many bytes of these are behind them.
        let mut open: Vec<(Range<usize>, usize)> = vec![(0..0, 0)];
        for group in groups(&sorted, 0..sorted.len(), |word| word.get(..2)) {
            let (first, second) = match sorted[group.start].0 {
                [only] => {
                    trie.single.extend(sorted[group].iter().map(|(_, number)| (*only, *number)));
                    continue;
                }
                [first, second, ..] => (*first as usize, *second as usize),
                [] => continue,
            };
            if trie.first[first] == 0 {
                trie.first[first] = trie.second.len() as u8;
                trie.second.push([0; 256]);
            }
            // There are fewer pairs of bytes than `u16` has values.
            trie.second[usize::from(trie.first[first])][second] = trie.nodes.len() as u16;
            let behind = trie.add(&sorted, group.clone(), 2);
            open.push((group, behind));
        }
        let mut at = 1;
        while at < open.len() {
            let (group, depth) = open[at].clone();
            let going_on = group.start + trie.nodes[at].ends as usize..group.end;
            trie.nodes[at].children = trie.nodes.len() as u32;
            for group in groups(&sorted, going_on, |word| word.get(depth..=depth)) {
                let behind = trie.add(&sorted, group.clone(), depth + 1);
                trie.nodes[at].branches += 1;
                open.push((group, behind));
            }
            at += 1;
        }
        trie
    }

    /// Adds the node for words that have `depth` bytes in common; how many they have indeed.
    fn add(&mut self, sorted: &[(&[u8], u32)], group: Range<usize>, depth: usize) -> usize {
        let (first, last) = (sorted[group.start].0, sorted[group.end - 1].0);
        let common = first.iter().zip(last).take_while(|(a, b)| a == b).count();
        let ends = sorted[group.clone()].iter().take_while(|(word, _)| word.len() == common).count();
        self.labels.push(first[depth - 1]);
        self.nodes.push(Node {
            rest: self.words[group.start].0 - (first.len() - depth) as u32,
            rest_len: (common - depth) as u32,
            words: group.start as u32,
            ends: ends as u32,
            ..Node::default()
        });
        common
    }

    /// What [`Trie::at`] gives, found faster where words seldom stand.
    #[inline]
    pub fn seldom_at(&self, text: &[u8], start: usize, found: impl FnMut(u32, usize)) {
        // Fewer bytes stand only at the end.
        let four = text.get(start..).and_then(<[u8]>::first_chunk);
        if four.is_none_or(|four| self.beginnings.has(*four)) {
            self.at(text, start, found);
        }
    }

    /// Gives the number and the end of every word that stands in the text at `start`, shorter ones first, equal ones by
    /// number.
    #[inline]
    pub fn at(&self, text: &[u8], start: usize, mut found: impl FnMut(u32, usize)) {
        let Some(first) = text.get(start) else { return };
        for (byte, number) in &self.single {
            if byte == first {
                found(*number, start + 1);
            }
        }
        let row = self.first[*first as usize];
        if row != 0
            && let Some(second) = text.get(start + 1)
            && let node = self.second[usize::from(row)][*second as usize]
            && node != 0
        {
            self.walk(&text[start + 2..], usize::from(node), |number, end| found(number, start + 2 + end));
        }
    }

    fn walk(&self, text: &[u8], mut node: usize, mut found: impl FnMut(u32, usize)) {
        let mut at = 0;
        loop {
            let Node { rest, rest_len, words, ends, children, branches } = self.nodes[node];
            if rest_len > 0 {
                let rest = &self.bytes[rest as usize..(rest + rest_len) as usize];
                if text.get(at) != rest.first() || !text[at..].starts_with(rest) {
                    return;
                }
                at += rest.len();
            }
            for (_, number) in &self.words[words as usize..(words + ends) as usize] {
                found(*number, at);
            }
            let Some(byte) = text.get(at) else { return };
            let labels = &self.labels[children as usize..(children + branches) as usize];
            let Some(branch) = labels.iter().position(|label| label == byte) else { return };
            node = children as usize + branch;
            at += 1;
        }
    }
}

/// The ranges of a range of words that have the same part.
fn groups<'s, 'w: 's>(
    sorted: &'s [(&'w [u8], u32)],
    range: Range<usize>,
    part: impl Fn(&'w [u8]) -> Option<&'w [u8]> + 's,
) -> impl Iterator<Item = Range<usize>> + 's {
    let Range { mut start, end } = range;
    std::iter::from_fn(move || {
        let own = part(sorted.get(start).filter(|_| start < end)?.0);
        let len = sorted[start..end].iter().take_while(|(word, _)| part(word) == own).count();
        start += len;
        Some(start - len..start)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &[&str], text: &str, want: &[(u32, usize)]) {
        let trie = Trie::new((0..).zip(words.iter().copied()));
        let mut found = Vec::new();
        trie.at(text.as_bytes(), 0, |number, end| found.push((number, end)));
        assert_eq!(found, want, "{text}");
    }

    #[test]
    fn all_words_that_begin_a_text_are_found_shorter_ones_first() {
        let words = ["open source", "open", "op", "open standards", "o", "oral", "open", "σχέδιο", ""];
        check(&words, "open standards", &[(4, 1), (2, 2), (1, 4), (6, 4), (3, 14)]);
        check(&words, "open sour", &[(4, 1), (2, 2), (1, 4), (6, 4)]);
        check(&words, "oral", &[(4, 1), (5, 4)]);
        check(&words, "ora", &[(4, 1)]);
        check(&words, "o", &[(4, 1)]);
        check(&words, "σχέδιο", &[(7, "σχέδιο".len())]);
        check(&words, "", &[]);
        check(&[], "open", &[]);
    }
}
