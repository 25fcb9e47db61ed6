//! The rules of the score as fields of a form: a row for each fit rule, a field for each kind of signal.

use super::signals::SignalKind;
use crate::form::{Choice, Form};
use crate::rules::lead_score::{
    BehaviourRule, Comparison, Field, FitRule, POINTS_MOST, Rules, SCORE_MOST,
};

/// Empty rows below those that are filled.
const EMPTY_ROWS: usize = 3;
const ROWS_MOST: usize = 60;
const VALUE_MOST: usize = 120;

/// A fit rule to fill in.
pub struct FitRow {
    pub legend: String,
    pub field: String,
    pub comparison: String,
    pub value: String,
    pub points: String,
    pub fields: Vec<Choice>,
    pub comparisons: Vec<Choice>,
}

/// A kind of signal with the points of a new one.
pub struct KindRow {
    pub label: String,
    pub hint: &'static str,
    pub name: String,
}

fn names(row: usize) -> [String; 4] {
    ["field", "comparison", "value", "points"].map(|part| format!("fit_{row}_{part}"))
}

fn kind_name(kind: &SignalKind) -> String {
    format!("kind_{}", kind.id)
}

/// The rules that hold, for a first look.
pub fn filled(rules: Option<&Rules>) -> Form {
    let mut values = Vec::new();
    let fit = rules.map_or(&[][..], |rules| &rules.fit);
    for (row, rule) in fit.iter().enumerate() {
        let [field, comparison, value, points] = names(row);
        values.push((field, rule.field.to_string()));
        values.push((comparison, rule.comparison.to_string()));
        values.push((value, rule.value.clone()));
        values.push((points, rule.points.to_string()));
    }
    if let Some(rules) = rules {
        values.push(("line".to_owned(), rules.line.to_string()));
        for rule in &rules.behaviour {
            values.push((format!("kind_{}", rule.kind_id), rule.points.to_string()));
        }
    }
    Form::filled(values)
}

/// The rows of a form: those that it has, and some empty ones.
pub fn fit_rows(form: &Form) -> Vec<FitRow> {
    let filled = (0..ROWS_MOST).take_while(|row| form.has(&names(*row)[0]));
    let filled = filled.filter(|row| is_filled(form, *row)).last();
    let many = (filled.map_or(0, |row| row + 1) + EMPTY_ROWS).min(ROWS_MOST);
    let row = |row: usize| {
        let [field, comparison, value, points] = names(row);
        let fields = Field::ALL.iter().map(|field| (field, field.label()));
        let comparisons = Comparison::ALL.iter().map(|c| (c, c.label()));
        FitRow {
            legend: format!("Rule {}", row + 1),
            fields: form.choices(&field, fields),
            comparisons: form.choices(&comparison, comparisons),
            field,
            comparison,
            value,
            points,
        }
    };
    (0..many).map(row).collect()
}

fn is_filled(form: &Form, row: usize) -> bool {
    let [_, _, value, points] = names(row);
    !form.value(&value).is_empty() || !form.value(&points).is_empty()
}

/// A row for each kind that may be chosen, or that has points already.
pub fn kind_rows(form: &Form, kinds: &[SignalKind]) -> Vec<KindRow> {
    let shown = kinds
        .iter()
        .filter(|kind| !kind.is_retired || !form.value(&kind_name(kind)).is_empty());
    let row = |kind: &SignalKind| KindRow {
        label: kind.name.clone(),
        hint: if kind.is_retired { "Retired." } else { "" },
        name: kind_name(kind),
    };
    shown.map(row).collect()
}

/// Reads the rules; `None` when a field is wrong, with a message in the form. Rows without value and points are left out.
pub fn read(form: &mut Form, kinds: &[SignalKind]) -> Option<Rules> {
    let line = form.parsed("line", "a line from 0 to 100", |text| {
        number(text).filter(|line| (0.0..=SCORE_MOST).contains(line))
    });
    let mut fit = Vec::new();
    for row in (0..ROWS_MOST)
        .filter(|row| is_filled(form, *row))
        .collect::<Vec<_>>()
    {
        fit.push(fit_rule(form, row));
    }
    let mut behaviour = Vec::new();
    for kind in kinds {
        let given = form.optional(&kind_name(kind), "points from -100 to 100", points);
        behaviour.push(given.map(|given| {
            given.map(|points| BehaviourRule {
                kind_id: kind.id,
                points,
            })
        }));
    }
    let fit: Option<Vec<FitRule>> = fit.into_iter().collect();
    let behaviour: Option<Vec<Option<BehaviourRule>>> = behaviour.into_iter().collect();
    let rules = Rules {
        line: line?,
        fit: fit?,
        behaviour: behaviour?.into_iter().flatten().collect(),
    };
    if rules.fit.is_empty() && rules.behaviour.is_empty() {
        form.refuse("fit_0_value", "Enter at least one rule.");
        return None;
    }
    Some(rules)
}

fn fit_rule(form: &mut Form, row: usize) -> Option<FitRule> {
    let [field, comparison, value, points_name] = names(row);
    let looks_at = form.parsed(&field, "what the rule looks at", Field::from_word);
    let compares = form.parsed(&comparison, "how the rule compares", Comparison::from_word);
    let text = form.text(&value, VALUE_MOST);
    let given = form.parsed(&points_name, "points from -100 to 100", points);
    let rule = FitRule {
        field: looks_at?,
        comparison: compares?,
        value: text?,
        points: given?,
    };
    if let Some((part, fault)) = rule.fault() {
        form.refuse(&format!("fit_{row}_{part}"), fault);
        return None;
    }
    Some(rule)
}

fn points(text: &str) -> Option<f64> {
    number(text).filter(|points| (-POINTS_MOST..=POINTS_MOST).contains(points))
}

fn number(text: &str) -> Option<f64> {
    let text = text.replace(',', ".").replace('\u{2212}', "-");
    text.parse().ok().filter(|number: &f64| number.is_finite())
}
