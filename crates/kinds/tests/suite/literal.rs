//! Resource statements with literal fields, as a case states them.

use value::Value;

/// A resource statement.
pub(crate) struct Statement {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) fields: Vec<(String, Value)>,
}

/// Reads `kind "name" { field => value, … }` statements.
pub(crate) fn resources(text: &str) -> Result<Vec<Statement>, String> {
    let mut parser = Parser { rest: text };
    let mut statements = Vec::new();
    while !parser.at_end() {
        let kind = parser.word();
        let name = parser.string()?;
        parser.expect("{")?;
        let mut fields = Vec::new();
        while !parser.eat("}") {
            let field = parser.word();
            parser.expect("=>")?;
            fields.push((field, parser.value()?));
            parser.eat(",");
        }
        statements.push(Statement { kind, name, fields });
    }
    Ok(statements)
}

/// Reads one literal.
pub(crate) fn value(text: &str) -> Result<Value, String> {
    Parser { rest: text }.value()
}

/// Splits a line into words; a word in quotes can hold anything.
pub(crate) fn words(line: &str) -> Result<Vec<String>, String> {
    let mut parser = Parser { rest: line };
    let mut words = Vec::new();
    while !parser.at_end() {
        if parser.rest.starts_with('"') {
            words.push(parser.string()?);
            continue;
        }
        let end = parser.rest.find(char::is_whitespace).unwrap_or(parser.rest.len());
        let mut word = parser.rest[..end].to_owned();
        parser.rest = &parser.rest[end..];
        // `path="text"` is one word.
        if let Some(quote) = word.find("=\"") {
            let back = line.len() - parser.rest.len() - word.len() + quote + 1;
            parser.rest = &line[back..];
            word.truncate(quote + 1);
            word.push_str(&parser.string()?);
        }
        words.push(word);
    }
    Ok(words)
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn blanks(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let Some(comment) = self.rest.strip_prefix('#') else { return };
            self.rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
        }
    }

    fn at_end(&mut self) -> bool {
        self.blanks();
        self.rest.is_empty()
    }

    fn eat(&mut self, token: &str) -> bool {
        self.blanks();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.eat(token) { Ok(()) } else { Err(format!("expected `{token}` before `{}`", self.rest)) }
    }

    fn word(&mut self) -> String {
        self.blanks();
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '.' | '-');
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.to_owned()
    }

    fn string(&mut self) -> Result<String, String> {
        self.expect("\"")?;
        let mut text = String::new();
        let mut characters = self.rest.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(text);
                }
                '\\' => text.push(match characters.next() {
                    Some((_, 'n')) => '\n',
                    Some((_, 't')) => '\t',
                    Some((_, other)) => other,
                    None => break,
                }),
                other => text.push(other),
            }
        }
        Err("a string does not end".to_owned())
    }

    fn value(&mut self) -> Result<Value, String> {
        self.blanks();
        if self.rest.starts_with('"') {
            return Ok(Value::str(self.string()?));
        }
        if self.eat("[") {
            let mut values = Vec::new();
            while !self.eat("]") {
                values.push(self.value()?);
                self.eat(",");
            }
            return Ok(Value::list(values));
        }
        if self.eat("struct{") {
            let mut fields = Vec::new();
            while !self.eat("}") {
                let name = self.word();
                self.expect("=>")?;
                fields.push((name, self.value()?));
                self.eat(",");
            }
            return Ok(Value::structure(fields));
        }
        if self.eat("{") {
            let mut entries = Vec::new();
            while !self.eat("}") {
                let key = self.value()?;
                self.expect("=>")?;
                entries.push((key, self.value()?));
                self.eat(",");
            }
            return Ok(Value::map(entries));
        }
        let word = self.word();
        match word.as_str() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            word if word.contains('.') => word.parse().map(Value::Float).map_err(|_| format!("what is `{word}`?")),
            word => word.parse().map(Value::Int).map_err(|_| format!("what is `{word}`?")),
        }
    }
}
