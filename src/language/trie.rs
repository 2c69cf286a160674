//! Many words looked for at once, at places where they may begin.
//!
//! A name or phrase begins where a word does, so that most bytes of a text begin none. Two bytes decide whether
//! one may stand there; then the tree is walked. That takes a fraction of the steps of an automaton that looks for
//! all of them at every byte, and a fraction of its time to build.

use std::ops::Range;

/// Words by their beginnings.
pub struct Trie {
    /// All words in order, one behind the other.
    bytes: Vec<u8>,
    /// By place in that order: which bytes are the word, and its number.
    words: Vec<(Range<u32>, u32)>,
    nodes: Vec<Node>,
    /// For each node the byte that leads to it.
    labels: Vec<u8>,
    /// By first byte: the row of `second`; 0 where no word begins with it.
    first: [u8; 256],
    /// By row and second byte: the node that two bytes lead to; 0 where none does.
    second: Vec<[u16; 256]>,
    /// The words of one byte, by place in the order.
    single: Vec<usize>,
}

/// The words that begin with the same bytes.
#[derive(Clone, Default)]
struct Node {
    /// Their places in the order of words; those that end here come first.
    words: Range<u32>,
    ends: u32,
    /// Empty where one word is left: the rest of it is compared.
    children: Range<u32>,
    depth: u32,
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
    };

    /// The tree of words, each with the number by which it is told. Empty words are never found.
    pub fn new<'w>(words: impl IntoIterator<Item = (u32, &'w str)>) -> Trie {
        let mut sorted: Vec<(&str, u32)> =
            words.into_iter().filter(|(_, word)| !word.is_empty()).map(|(number, word)| (word, number)).collect();
        sorted.sort_unstable();
        let mut trie = Trie { second: vec![[0; 256]], ..Trie::NONE };
        for (word, number) in &sorted {
            let start = trie.bytes.len() as u32;
            trie.bytes.extend_from_slice(word.as_bytes());
            trie.words.push((start..trie.bytes.len() as u32, *number));
        }
        // Node 0 stands for none.
        trie.nodes.push(Node::default());
        trie.labels.push(0);
        let mut at = 0;
        while at < sorted.len() {
            let word = sorted[at].0.as_bytes();
            let head = &word[..word.len().min(2)];
            let group = at
                + sorted[at..]
                    .partition_point(|(other, _)| other.len() >= head.len() && other.as_bytes()[..head.len()] == *head);
            match *head {
                [first, second] => {
                    let node = trie.add(at..group, 2, second);
                    let row = match trie.first[first as usize] {
                        0 => {
                            trie.second.push([0; 256]);
                            trie.first[first as usize] = (trie.second.len() - 1) as u8;
                            trie.second.len() - 1
                        }
                        row => row as usize,
                    };
                    // Two bytes have fewer values than `u16`, and their nodes come first.
                    trie.second[row][second as usize] = node as u16;
                    at = group;
                }
                _ => {
                    trie.single.push(at);
                    at += 1;
                }
            }
        }
        let mut next = 1;
        while next < trie.nodes.len() {
            trie.branch(next);
            next += 1;
        }
        trie
    }

    fn add(&mut self, words: Range<usize>, depth: u32, label: u8) -> u32 {
        let ends = words.clone().take_while(|at| self.words[*at].0.len() == depth as usize).count() as u32;
        let words = words.start as u32..words.end as u32;
        self.nodes.push(Node { words, ends, children: 0..0, depth });
        self.labels.push(label);
        (self.nodes.len() - 1) as u32
    }

    /// Gives a node its children, one behind the other.
    fn branch(&mut self, at: usize) {
        let Node { words, ends, depth, .. } = self.nodes[at].clone();
        let open = (words.start + ends) as usize..words.end as usize;
        if words.len() == 1 || open.is_empty() {
            return;
        }
        let next = |trie: &Trie, word: usize| trie.bytes[(trie.words[word].0.start + depth) as usize];
        let start = self.nodes.len() as u32;
        let mut from = open.start;
        while from < open.end {
            let label = next(self, from);
            let to = (from..open.end).find(|word| next(self, *word) != label).unwrap_or(open.end);
            self.add(from..to, depth + 1, label);
            from = to;
        }
        self.nodes[at].children = start..self.nodes.len() as u32;
    }

    /// Gives the number and the end of every word that stands in the text at `start`, shorter ones first, equal ones by
    /// number.
    #[inline]
    pub fn at(&self, text: &[u8], start: usize, mut found: impl FnMut(u32, usize)) {
        let Some(first) = text.get(start) else { return };
        for at in &self.single {
            let (range, number) = &self.words[*at];
            if self.bytes[range.start as usize] == *first {
                found(*number, start + 1);
            }
        }
        let row = self.first[*first as usize] as usize;
        if row != 0
            && let Some(second) = text.get(start + 1)
            && let node = self.second[row][*second as usize]
            && node != 0
        {
            self.walk(text, start, node, &mut found);
        }
    }

    fn walk(&self, text: &[u8], start: usize, node: u16, found: &mut impl FnMut(u32, usize)) {
        let mut node = &self.nodes[node as usize];
        loop {
            let at = start + node.depth as usize;
            if node.words.len() == 1 {
                let (range, number) = &self.words[node.words.start as usize];
                let rest = &self.bytes[(range.start + node.depth) as usize..range.end as usize];
                if text[at..].starts_with(rest) {
                    found(*number, at + rest.len());
                }
                return;
            }
            for (_, number) in &self.words[node.words.start as usize..(node.words.start + node.ends) as usize] {
                found(*number, at);
            }
            let Some(byte) = text.get(at) else { return };
            let children = &self.labels[node.children.start as usize..node.children.end as usize];
            let Some(child) = children.iter().position(|label| label == byte) else { return };
            node = &self.nodes[node.children.start as usize + child];
        }
    }
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
