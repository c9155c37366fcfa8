//! One creative as a page that needs nothing beside it: what `aislecast offers
//! preview` writes. It is painted by the very scripts and styles of the
//! screens' page, put into one file.

const CREATIVE_JS: &str = include_str!("assets/creative.js");
const STAGE_JS: &str = include_str!("assets/stage.js");
const PLAYER_CSS: &str = include_str!("assets/player.css");
const CREATIVE_CSS: &str = include_str!("assets/creative.css");

/// Where the screens' page loads a picture from; here it lies in the page.
const PICTURE: &str = "`/creatives/${encodeURIComponent(creative.image)}${location.search}`";

const PAGE: &str = r#"<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>Aislecast preview</title>
<style>
{{styles}}</style>
</head>
<body>
<main id="stage"></main>
<script type="module">
const data = {{data}};
{{scripts}}
document.title = data.title;
const stage = new Stage(document.getElementById("stage"));
stage.show(await stage.prepare(data.creative, { without: true }), { fade: false });
</script>
</body>
</html>
"#;

/// The page of a creative; `data` is JSON that holds no `<`.
pub fn still(data: &str) -> String {
    let styles = format!("{PLAYER_CSS}\n{CREATIVE_CSS}");
    let scripts = [CREATIVE_JS, STAGE_JS].map(inlined).join("\n");
    let scripts = scripts.replace(PICTURE, "data.picture");
    PAGE.replace("{{styles}}", &styles)
        .replace("{{scripts}}", &scripts)
        .replace("{{data}}", data)
}

/// A module's text without what joins it to others.
fn inlined(script: &str) -> String {
    let lines = script.lines().filter(|line| !line.starts_with("import "));
    let lines: Vec<&str> = lines
        .map(|line| line.strip_prefix("export ").unwrap_or(line))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_still_page_holds_all_it_needs() {
        let page = still("{\"title\":\"\\u003cb>\"}");
        for missing in ["import ", "export ", "{{", "/creatives/", "src=\"/"] {
            assert!(!page.contains(missing), "{missing}");
        }
        for needed in ["class Stage", "function paint", ".layer", "data.picture;"] {
            assert!(page.contains(needed), "{needed}");
        }
        assert_eq!(page.matches("</script>").count(), 1);
    }
}
