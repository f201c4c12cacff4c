//! A page of the dashboard that has every piece once.

use std::time::Duration;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::pages::pieces::{
    AnswerCard, Challenge, Control, Danger, Field, Matrix, MatrixLine, Meaning, Mend, Outcome,
    Sample, Step, Tab, TokenView, visible,
};
use crate::pages::{CsrfToken, Flash, Frame, Section};
use crate::quickstarts::FRAMEWORKS;
use crate::samples::LANGUAGES;

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"
{% extends "layout/dashboard.html" %}
{% import "pieces/answer.html" as answers %}
{% import "pieces/badge.html" as badge %}
{% import "pieces/code.html" as code %}
{% import "pieces/copy.html" as copy %}
{% import "pieces/danger.html" as dangers %}
{% import "pieces/empty.html" as empty %}
{% import "pieces/form.html" as form %}
{% import "pieces/matrix.html" as matrices %}
{% import "pieces/table.html" as table %}
{% import "pieces/tabs.html" as tab %}
{% import "pieces/token.html" as tokens %}
{% import "pieces/trail.html" as trail %}
{% block title %}{{ text }}{% endblock %}
{% block heading %}{{ text }}{% endblock %}
{% block lead %}An API that applications ask for access tokens to. {{ text }}{% endblock %}
{% block depends %}<p class="depends">Used by 2 applications and 1 role.</p>{% endblock %}
{% block action %}<a class="button primary" href="/apis/new">Create API</a>{% endblock %}
{% block content %}
{% call tab::links("API", tabs) %}{% endcall %}
<div class="stack">
{% call copy::value("identifier", "Identifier", text) %}{% endcall %}
{% call copy::secret("secret", "Client secret", text) %}{% endcall %}
</div>
<section class="section"><h2>Token</h2>{% call tokens::view("token", token) %}{% endcall %}</section>
<section class="section"><h2>Answer</h2>{% call answers::card(answer) %}{% endcall %}</section>
<section class="section"><h2>Decision</h2>{% call trail::steps("The decision", steps, frame.csrf) %}{% endcall %}</section>
<section class="section"><h2>Request</h2>{% call code::tabs("request", "Language", samples) %}{% endcall %}</section>
<section class="section"><h2>Matrix</h2>{% call matrices::grants(matrix, frame.csrf) %}{% endcall %}</section>
<section class="section"><h2>Table</h2>
{% call table::scroll("Calls") %}
<thead><tr><th scope="col">Time</th><th scope="col">What</th><th scope="col">Result</th></tr></thead>
<tbody>{% for meaning in meanings %}<tr><td class="figures">01:54:27</td><th scope="row">{{ text }}</th><td>{% call badge::mark(meaning, "Word") %}{% endcall %}</td></tr>{% endfor %}</tbody>
{% endcall %}
{% call table::older(older) %}{% endcall %}
</section>
<section class="section"><h2>Form</h2><form class="stack" method="post">{% call form::csrf(frame.csrf) %}{% endcall %}
{% for field in fields %}{% call form::field(field) %}{% endcall %}{% endfor %}
{% call form::switch("rbac", "Enforce permissions", "Without it anybody who asks gets every scope.", true) %}{% endcall %}
<div class="actions"><button class="button primary">Save</button></div></form></section>
<section class="section"><h2>Empty</h2>{% call empty::state("The permissions of this API would stand here.", "Add a permission", "/apis/new", "Why permissions", "/why") %}{% endcall %}</section>
<div class="section">{% call dangers::ask(danger, frame.csrf) %}{% endcall %}</div>
{% endblock %}
"#
)]
pub(super) struct EveryPiece {
    frame: Frame,
    text: String,
    tabs: Vec<Tab>,
    token: TokenView,
    answer: AnswerCard,
    steps: Vec<Step>,
    samples: Vec<Sample>,
    matrix: Matrix,
    meanings: Vec<Meaning>,
    older: Option<String>,
    fields: Vec<Field>,
    danger: Danger,
}

impl EveryPiece {
    /// The page with this text in each place that takes somebody's.
    pub(super) fn new(text: &str) -> EveryPiece {
        let own = || text.to_owned();
        let mut frame = Frame::new(Section::Apis, CsrfToken::new(text));
        frame.flash = Some(Flash {
            meaning: Meaning::Allowed,
            word: "Saved",
            says: own(),
            next: Some((own(), "/apis".into())),
        });
        let tab = |label, current| Tab { label, href: "/apis/1".into(), current };
        let line =
            |id: &str| MatrixLine { id: format!("{id}{text}"), name: format!("{text} {id}") };
        EveryPiece {
            frame,
            text: own(),
            tabs: vec![
                tab("Quickstart", false),
                tab("Settings", true),
                tab("Permissions", false),
                tab("Application access", false),
                tab("Test", false),
            ],
            token: TokenView::new(&token(text), 1_795_571_667),
            answer: answer(text),
            steps: steps(text),
            samples: samples(text),
            matrix: Matrix {
                action: "/grants".into(),
                label: "Permissions of each application".into(),
                corner: "Application".into(),
                columns: ["a", "b", "c", "d"].map(line).into(),
                rows: ["1", "2", "3"].map(line).into(),
                granted: vec![(line("1").id, line("b").id)],
            },
            meanings: vec![
                Meaning::Allowed,
                Meaning::Refused,
                Meaning::Attention,
                Meaning::Information,
            ],
            older: Some("/activity?before=9".into()),
            fields: fields(text),
            danger: Danger {
                id: "delete",
                title: "Delete this API".into(),
                breaks: vec!["3 applications will get no tokens for it.".into(), own()],
                action: "/apis/1/delete".into(),
                button: "Delete".into(),
                typed: Some(own()),
                fields: vec![("value".into(), own())],
            },
        }
    }
}

fn token(text: &str) -> String {
    let claims = serde_json::json!({
        "iss": "https://localhost:8443/", "sub": text, "aud": ["https://api.example", text],
        "iat": 1_795_571_648, "exp": 1_795_658_048, "scope": "read:messages", "azp": "MI8oKMmrTNII9cBxwp86",
    });
    let header = serde_json::json!({ "alg": "RS256", "typ": "JWT", "kid": text });
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(header), part(claims), URL_SAFE_NO_PAD.encode([7_u8; 256]))
}

fn answer(text: &str) -> AnswerCard {
    AnswerCard {
        asked: format!("GET http://localhost:3010/api/private-scoped {text}"),
        sent: text.to_owned(),
        status: Some(403),
        reason: "Forbidden".into(),
        took: Some(Duration::from_micros(9_700)),
        challenges: Challenge::all(&format!(
            "Bearer realm=\"http://localhost:3010\", error=\"insufficient_scope\", scope=\"{}\"",
            visible(text).replace(['"', '\\'], "'")
        )),
        body: AnswerCard::body(text),
        meaning: format!("The token is valid, but something is missing: {text}."),
    }
}

fn steps(text: &str) -> Vec<Step> {
    let step = |outcome, what: &str, found: &str, mend| Step {
        outcome,
        what: what.into(),
        found: found.into(),
        mend,
    };
    let open = Mend::Open { label: format!("Open {text}"), href: "/apis/1".into() };
    let apply = Mend::Apply {
        label: format!("Grant it to {text}"),
        action: "/grants".into(),
        fields: vec![("client_id".into(), text.into()), ("scope".into(), text.into())],
    };
    vec![
        step(Outcome::Held, "The application is known.", text, Mend::None),
        step(Outcome::Held, "Its secret is right.", "", open),
        step(Outcome::Failed, "It was granted the scope.", text, apply),
        step(Outcome::Unasked, "The API has a key to sign with.", "", Mend::None),
    ]
}

fn samples(text: &str) -> Vec<Sample> {
    let code = format!(
        "curl --request GET \\\n  --url http://localhost:3010/api/private \\\n  --header 'authorization: Bearer {text}'"
    );
    let languages = LANGUAGES.iter().map(|language| (language.id, language.name));
    let frameworks = FRAMEWORKS.iter().map(|framework| (framework.id, framework.name));
    let own = ["http://localhost:3010/api/private", text];
    let sample = |(id, name)| {
        Sample::new(id, name, &code, &own).note("Needs nothing but the standard library.")
    };
    languages.chain(frameworks).map(sample).collect()
}

fn fields(text: &str) -> Vec<Field> {
    vec![
        Field::new("name", "Name").value(text).hint("What people read."),
        Field::new("audience", "Identifier")
            .value(text)
            .mono()
            .hint("The audience of its tokens. It cannot be changed later.")
            .fault(Some(format!("Expected at most 600 characters, found {text}."))),
        Field::new("callbacks", "Allowed Callback URLs")
            .control(Control::Lines(3))
            .value(text)
            .optional()
            .hint("One a line."),
        Field::new("algorithm", "Signing algorithm")
            .control(Control::Choice(vec![
                (text.into(), text.into()),
                ("PS256".into(), "PS256".into()),
            ]))
            .value(text),
    ]
}
