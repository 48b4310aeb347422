//! What an answer quotes is left out where it is shown, and kept: mail programs put the whole thread below.

/// Words with which programs begin what they quote: "On … wrote:".
const WROTE: [&str; 12] = [
    "wrote:",
    "escreveu:",
    "escribió:",
    "schrieb:",
    "a écrit :",
    "a écrit:",
    "ha scritto:",
    "escreveram:",
    "napisał(a):",
    "writes:",
    "escreveu :",
    "escribio:",
];
/// How such a line begins.
const ON: [&str; 9] = ["on ", "em ", "el ", "am ", "le ", "il ", "no dia ", "a ", "w dniu "];
/// Lines between the answer and what it quotes.
const DIVIDERS: [&str; 8] = [
    "original message",
    "mensagem original",
    "mensaje original",
    "forwarded message",
    "mensagem encaminhada",
    "mensaje reenviado",
    "ursprüngliche nachricht",
    "message d'origine",
];
/// The fields of a header that programs write above what they quote.
const FIELDS: [&str; 14] = [
    "from:",
    "de:",
    "von:",
    "sent:",
    "enviado:",
    "enviada em:",
    "enviado el:",
    "to:",
    "para:",
    "subject:",
    "assunto:",
    "asunto:",
    "date:",
    "data:",
];

/// A text without what it quotes at its end. Where nothing else would be left, or the answer stands between quoted lines, all of it.
pub fn without_quotes(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let Some(cut) = (0..lines.len()).find(|at| begins_quote(&lines, *at)) else { return text.to_owned() };
    let (answer, quoted) = lines.split_at(cut);
    let answer = answer.join("\n").trim().to_owned();
    if answer.is_empty() || is_answered_within(quoted) { text.to_owned() } else { answer }
}

fn begins_quote(lines: &[&str], at: usize) -> bool {
    let line = |offset: usize| lines.get(at + offset).map_or("", |line| line.trim());
    let first = line(0);
    first.starts_with('>') && lines.iter().skip(at).all(|line| line.trim().is_empty() || line.trim().starts_with('>'))
        || is_divider(first)
        || says_who_wrote(first, line(1))
        || has_fields(lines, at)
}

/// "On Monday, Ana wrote:", perhaps over two lines.
fn says_who_wrote(first: &str, second: &str) -> bool {
    let begins = first.trim_start_matches('>').trim_start().to_lowercase();
    if !ON.iter().any(|word| begins.starts_with(word)) || first.chars().count() > 200 {
        return false;
    }
    let ends = |line: &str| WROTE.iter().any(|word| line.to_lowercase().ends_with(word));
    // A date or an address tells it from a sentence that ends so by chance.
    let both = format!("{first} {second}");
    let has_trace = both.contains('@') || both.chars().filter(char::is_ascii_digit).count() >= 4;
    has_trace && (ends(first) || ends(second))
}

fn is_divider(line: &str) -> bool {
    let bare = line.trim_matches(['-', '_', '=', ' ']).to_lowercase();
    (line.starts_with("--") && DIVIDERS.contains(&bare.as_str()))
        || (line.len() >= 20 && line.chars().all(|c| c == '_'))
}

/// Three or more fields of a header, one below the other.
fn has_fields(lines: &[&str], at: usize) -> bool {
    let is_field = |line: &&str| {
        let line = line.trim().trim_matches('*').to_lowercase();
        FIELDS.iter().any(|field| line.starts_with(field) || line.starts_with(&field.replace(':', ":*")))
    };
    let first = lines.get(at).is_some_and(|line| {
        let line = line.trim().trim_matches('*').to_lowercase();
        ["from:", "de:", "von:"].iter().any(|field| line.starts_with(field))
    });
    first && lines.iter().skip(at).take(6).filter(|line| is_field(line)).count() >= 3
}

/// Whether somebody writes on between quoted lines.
fn is_answered_within(quoted: &[&str]) -> bool {
    let is_quoted = |line: &&&str| line.trim().starts_with('>');
    let Some(first) = quoted.iter().position(|line| line.trim().starts_with('>')) else { return false };
    let last = quoted.len() - quoted.iter().rev().position(|line| line.trim().starts_with('>')).unwrap_or(0);
    let rest = quoted.get(first..).unwrap_or_default();
    let has_quoted = rest.iter().filter(is_quoted).count();
    let own = quoted.iter().enumerate().skip(first).filter(|(at, line)| {
        let is_own = !line.trim().is_empty() && !line.trim().starts_with('>');
        // A line that a program has broken in two is no answer.
        is_own && (*at >= last || line.trim().chars().count() > 30)
    });
    has_quoted > 0 && own.count() > 0
}

#[cfg(test)]
mod tests {
    use super::without_quotes;

    #[test]
    fn what_programs_quote_is_left_out() {
        for quoted in [
            "On Mon, Nov 30, 2026 at 9:14 AM Loja <suporte@loja.test> wrote:\n> Oi\n> Tudo bem?",
            "Em seg., 30 de nov. de 2026 às 09:14, Loja\n<suporte@loja.test> escreveu:\n\n> Oi",
            "El lun, 30 nov 2026 a las 9:14, Loja (<suporte@loja.test>) escribió:\n\n> Hola",
            "-----Mensagem original-----\nDe: Loja\nEnviada em: segunda\nPara: Marina\nAssunto: oi\n\nOi",
            "________________________________\nDe: Loja <suporte@loja.test>\nEnviado: segunda\nPara: m\nAssunto: oi\n\nOi",
            "From: Loja <suporte@loja.test>\nSent: Monday\nTo: Marina\nSubject: oi\n\nOi",
            "*De:* Loja <suporte@loja.test>\n*Enviado:* segunda\n*Para:* m\n*Assunto:* oi\n\nOi",
            "> Oi\n> Tudo bem?",
        ] {
            assert_eq!(
                without_quotes(&format!("Chegou, obrigada!\n\nMarina\n\n{quoted}")),
                "Chegou, obrigada!\n\nMarina",
                "{quoted}"
            );
        }
    }

    #[test]
    fn what_somebody_wrote_stays() {
        for text in [
            "Oi",
            "",
            "On the other hand, my mother wrote:",
            "A loja escreveu:",
            "De: mim, para você",
            "> Qual é o endereço?\nRua das Flores, 10\n> E o horário?\nDas 8 às 18, todos os dias da semana",
            "> Só isto",
            "Em 30/11/2026, Loja <a@b.c> escreveu:\n> Qual o CPF?\n\n123.456.789-00 é o número do meu documento",
        ] {
            assert_eq!(without_quotes(text), text);
        }
    }
}
