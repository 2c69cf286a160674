//! Running headers, footers and page numbers: rows that stand at the same height of several pages with the
//! same words, digits aside.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::rows;
use super::words::Word;

/// Rows looked at from the top and from the bottom of a page.
const ROWS: usize = 6;
/// Heights that count as one, in points.
const SAME_HEIGHT: f64 = 4.0;
/// A running row stands in this share of the page from its top or bottom.
const ZONE: f64 = 0.2;

/// One page as it is searched.
pub(super) struct PageWords {
    pub(super) height: f64,
    pub(super) words: Vec<Word>,
}

/// A row that may be running text.
struct Candidate {
    page: usize,
    words: Vec<usize>,
    baseline: f64,
    at_top: bool,
}

/// Takes running rows out of the pages. Returns each once, as text, with whether it stands at the top.
pub(super) fn take_running_rows(pages: &mut [PageWords]) -> Vec<(String, bool)> {
    let mut by_text: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
    for (page, PageWords { height, words }) in pages.iter().enumerate() {
        let all: Vec<usize> = (0..words.len()).collect();
        let rows = rows(words, &all);
        let count = rows.len();
        for (place, row) in rows.into_iter().enumerate() {
            let baseline = words[row[0]].baseline;
            let at_top = place < ROWS && baseline < ZONE * height;
            let at_bottom = place + ROWS >= count && baseline > (1.0 - ZONE) * height;
            if at_top || at_bottom {
                let text = without_digits(&row_text(words, &row));
                by_text.entry(text).or_default().push(Candidate { page, words: row, baseline, at_top });
            }
        }
    }

    let mut taken: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); pages.len()];
    let mut running = Vec::new();
    for mut candidates in by_text.into_values() {
        candidates.sort_by(|a, b| a.baseline.total_cmp(&b.baseline).then(a.page.cmp(&b.page)));
        for group in candidates.chunk_by(|a, b| b.baseline - a.baseline <= SAME_HEIGHT) {
            let group = consistent(pages, group);
            let on: BTreeSet<usize> = group.iter().map(|candidate| candidate.page).collect();
            let marked =
                group.iter().all(|candidate| candidate.words.iter().all(|&i| pages[candidate.page].words[i].artifact));
            if on.len() < needed(pages.len()) && !marked {
                continue;
            }
            if let Some(first) = group.iter().min_by_key(|candidate| candidate.page) {
                let text = row_text(&pages[first.page].words, &first.words);
                running.push((first.page, first.baseline, text, first.at_top));
            }
            for candidate in group {
                taken[candidate.page].extend(&candidate.words);
            }
        }
    }
    for (page, taken) in pages.iter_mut().zip(&taken) {
        let mut index = 0;
        page.words.retain(|_| {
            index += 1;
            !taken.contains(&(index - 1))
        });
    }
    running.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    running.into_iter().map(|(_, _, text, at_top)| (text, at_top)).collect()
}

/// Those of a group whose numbers are the same on all pages, or count up with the pages: `Lot 3` and `page 7`
/// run through, `5 chairs` and `7 tables` in a list do not.
fn consistent<'c>(pages: &[PageWords], group: &'c [Candidate]) -> Vec<&'c Candidate> {
    let numbers = |candidate: &Candidate| -> Vec<i64> {
        row_text(&pages[candidate.page].words, &candidate.words)
            .split(|char: char| !char.is_ascii_digit())
            .filter_map(|digits| digits.parse().ok())
            .collect()
    };
    let mut kept: Vec<(&Candidate, Vec<i64>)> = group.iter().map(|candidate| (candidate, numbers(candidate))).collect();
    let count = kept.iter().map(|(_, numbers)| numbers.len()).max().unwrap_or(0);
    for place in 0..count {
        let mut votes: BTreeMap<(bool, i64), usize> = BTreeMap::new();
        for (candidate, numbers) in &kept {
            if let Some(&number) = numbers.get(place) {
                *votes.entry((false, number)).or_default() += 1;
                *votes.entry((true, number.saturating_sub(candidate.page as i64))).or_default() += 1;
            }
        }
        let Some((&(with_page, value), _)) = votes.iter().max_by_key(|(_, count)| **count) else { continue };
        kept.retain(|(candidate, numbers)| {
            numbers.get(place).is_none_or(|&number| {
                let own = if with_page { number.saturating_sub(candidate.page as i64) } else { number };
                own == value
            })
        });
    }
    kept.into_iter().map(|(candidate, _)| candidate).collect()
}

/// On how many pages a row has to stand.
fn needed(pages: usize) -> usize {
    match pages {
        0..=1 => usize::MAX,
        2..=3 => 2,
        _ => 3,
    }
}

fn row_text(words: &[Word], row: &[usize]) -> String {
    row.iter().map(|&index| words[index].text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Page numbers differ from page to page: each run of digits counts as one sign.
fn without_digits(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for char in text.chars() {
        if !char.is_numeric() {
            result.extend(char.to_lowercase());
        } else if !result.ends_with('#') {
            result.push('#');
        }
    }
    result
}
