//! The tokens of an RTF file (RTF specification 1.9.1, "RTF syntax").

/// Letters of a control word; the specification allows 32.
const LONGEST_WORD: usize = 32;
/// Digits of a number; more are no 32-bit number.
const MOST_DIGITS: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open,
    Close,
    /// `\word` with its number, if it has one.
    Word(&'a str, Option<i32>),
    /// `\` and a character that is no letter: `\~`, `\*`, `\{`. A line break stands as `\n`.
    Symbol(u8),
    /// `\'hh`: one byte in the code page of the font.
    Byte(u8),
    /// Bytes as they stand, without line breaks.
    Text(&'a [u8]),
    /// `\bin`: its bytes were passed over.
    Binary,
}

/// Cuts the bytes of a file into tokens.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The file ends inside a `\bin`.
    pub cut: bool,
}

impl<'a> Tokens<'a> {
    pub fn new(bytes: &'a [u8]) -> Tokens<'a> {
        Tokens { bytes, at: 0, cut: false }
    }

    /// What was not cut into tokens yet.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// How many of the next bytes, `most` at most, are such.
    fn run(&self, most: usize, is: impl Fn(&u8) -> bool) -> usize {
        self.rest().iter().take(most).take_while(|byte| is(byte)).count()
    }

    fn take(&mut self, count: usize) -> &'a [u8] {
        let taken = self.rest().get(..count).unwrap_or(self.rest());
        self.at += taken.len();
        taken
    }

    fn after_backslash(&mut self) -> Token<'a> {
        let letters = self.run(LONGEST_WORD, u8::is_ascii_alphabetic);
        if letters == 0 {
            return match self.take(1) {
                [b'\''] => self.hex(),
                [b'\r' | b'\n'] => Token::Symbol(b'\n'),
                [symbol] => Token::Symbol(*symbol),
                _ => Token::Symbol(b' '),
            };
        }
        let word = std::str::from_utf8(self.take(letters)).unwrap_or_default();
        let signed = usize::from(self.peek() == Some(b'-'));
        let digits = self.bytes.get(self.at + signed..).unwrap_or_default();
        let digits = digits.iter().take(MOST_DIGITS).take_while(|byte| byte.is_ascii_digit()).count();
        let number = match digits {
            0 => None,
            _ => {
                let text = std::str::from_utf8(self.take(signed + digits)).unwrap_or_default();
                let wide = text.parse::<i64>().unwrap_or(0);
                Some(i32::try_from(wide).unwrap_or(if wide < 0 { i32::MIN } else { i32::MAX }))
            }
        };
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        if word == "bin" {
            let wanted = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
            self.cut |= self.take(wanted).len() < wanted;
            return Token::Binary;
        }
        Token::Word(word, number)
    }

    fn hex(&mut self) -> Token<'a> {
        match self.rest() {
            [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit = |byte: u8| (byte as char).to_digit(16).unwrap_or(0) as u8;
                let byte = digit(*high) << 4 | digit(*low);
                self.at += 2;
                Token::Byte(byte)
            }
            _ => Token::Symbol(b'\''),
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while matches!(self.peek(), Some(b'\r' | b'\n')) {
            self.at += 1;
        }
        match self.peek()? {
            b'{' => {
                self.at += 1;
                Some(Token::Open)
            }
            b'}' => {
                self.at += 1;
                Some(Token::Close)
            }
            b'\\' => {
                self.at += 1;
                Some(self.after_backslash())
            }
            _ => {
                let plain = self.run(usize::MAX, |byte| !matches!(byte, b'{' | b'}' | b'\\' | b'\r' | b'\n'));
                Some(Token::Text(self.take(plain)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_cut_as_the_specification_says() {
        let tokens: Vec<Token<'_>> =
            Tokens::new(b"{\\rtf1\\b0 a\r\nb\\'e9\\'zz\\~\\u-3913?\\bin3 {{{\\li99999999999x\\\n}").collect();
        let want = [
            Token::Open,
            Token::Word("rtf", Some(1)),
            Token::Word("b", Some(0)),
            Token::Text(b"a"),
            Token::Text(b"b"),
            Token::Byte(0xE9),
            Token::Symbol(b'\''),
            Token::Text(b"zz"),
            Token::Symbol(b'~'),
            Token::Word("u", Some(-3913)),
            Token::Text(b"?"),
            Token::Binary,
            Token::Word("li", Some(i32::MAX)),
            Token::Text(b"9x"),
            Token::Symbol(b'\n'),
            Token::Close,
        ];
        assert_eq!(tokens, want);
    }

    #[test]
    fn a_file_that_ends_inside_binary_data_is_cut() {
        let mut tokens = Tokens::new(b"\\bin9 abc");
        assert_eq!((tokens.next(), tokens.next(), tokens.cut), (Some(Token::Binary), None, true));
        assert_eq!(Tokens::new(b"\\").next(), Some(Token::Symbol(b' ')));
    }
}
