"""The house's habits, as tests."""

import ast
import io
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.template import engines
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
APPS = ("trajectoire", "network", "resources", "vrl")
# Drawn by packages, which name them; or by views that build the name.
NAMED_BY_OTHERS = ("simple_history/", "allauth/", "account/", "mfa/", "admin/", "django/", "emails/")
MARKS = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK|lorem ip" + r"sum)\b", re.IGNORECASE)


def tracked(*patterns: str) -> list[Path]:
    """The files of the project, as git knows them; new ones included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    names = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True).stdout.split("\n")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def python_files() -> list[Path]:
    return [path for path in tracked("*.py") if "migrations" not in path.parts]


def template_files() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


class TestSizes:
    def test_python_files(self):
        lines = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in python_files()}
        assert {name: count for name, count in lines.items() if count > (500 if name.startswith("tests/") else 400)} == {}

    def test_functions(self):
        long = []
        for path in python_files():
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > 50:
                    long.append(f"{path.relative_to(ROOT)}:{node.name}")
        assert long == []

    def test_templates(self):
        assert [path.name for path in template_files() if len(path.read_text("utf-8").splitlines()) > 150] == []


class TestTemplates:
    @pytest.mark.parametrize("path", template_files(), ids=lambda path: str(path.relative_to(TEMPLATES)))
    def test_compiles(self, path):
        assert get_template(str(path.relative_to(TEMPLATES)))

    def test_no_inline_style_nor_script(self):
        wrong = []
        for path in template_files():
            text = path.read_text("utf-8")
            if re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\bsrc=)", text):
                wrong.append(str(path.relative_to(TEMPLATES)))
        assert wrong == []

    def test_each_is_used(self):
        code = "\n".join(path.read_text("utf-8") for path in [*python_files(), *template_files()])
        names = [path.relative_to(TEMPLATES).as_posix() for path in template_files()]
        unused = [name for name in names if f'"{name}"' not in code and not name.startswith(NAMED_BY_OTHERS)]
        assert unused == []

    def test_each_named_one_exists(self):
        for path in template_files():
            for name in re.findall(r'{% (?:include|extends) "([^"]+)"', path.read_text("utf-8")):
                assert get_template(name), f"{name} in {path}"

    def test_includes_say_what_they_take(self):
        wrong = [
            f"{path.relative_to(TEMPLATES)}: {tag}"
            for path in template_files()
            for tag in re.findall(r"{% include [^%]*%}", path.read_text("utf-8"))
            if not tag.endswith("only %}") and not path.relative_to(TEMPLATES).as_posix().startswith(NAMED_BY_OTHERS)
        ]
        assert wrong == []

    def test_each_component_is_on_the_style_guide(self):
        guide = "".join(path.read_text("utf-8") for path in (TEMPLATES / "styleguide").glob("*.html")) + (
            TEMPLATES / "base.html"
        ).read_text("utf-8")
        shown = set(re.findall(r'include "components/([\w-]+)\.html"', guide))
        parts = {path.stem: path.read_text("utf-8") for path in (TEMPLATES / "components").glob("*.html")}
        while (
            inner := {
                name for one in shown & parts.keys() for name in re.findall(r'include "components/([\w-]+)\.html"', parts[one])
            }
            - shown
        ):
            shown |= inner
        assert sorted(parts.keys() - shown) == []

    def test_what_is_marked_safe_is_counted(self):
        """Each `|safe` shows HTML that a ProseField cleaned; a new one is to be argued."""
        found = [
            (path.name, text) for path in template_files() for text in re.findall(r"{{ ?([\w.]+)\|safe", path.read_text("utf-8"))
        ]
        assert sorted(found) == [("collection.html", "collection.description"), ("collections.html", "collection.description")]

    def test_unknown_variable_would_be_seen(self):
        template = get_template("components/button.html")
        with pytest.raises(pytest.fail.Exception, match="unknown variable url"):
            template.render({"label": "x"})

    def test_unknown_variable_of_others_is_left(self):
        assert engines["django"].from_string("[{{ nothing }}]").render({}) == "[]"


class TestMarks:
    def test_nothing_is_left_unfinished(self):
        kinds = {".py", ".html", ".css", ".js", ".md", ".toml", ".txt", ".yml", ".typ"}
        found = [
            f"{path.relative_to(ROOT)}: {mark}"
            for path in tracked()
            if path.suffix in kinds and "static/css/site.css" not in str(path)
            for mark in MARKS.findall(path.read_text("utf-8", errors="replace"))
        ]
        assert found == []

    @pytest.mark.parametrize("text", ["# TO" + "DO later", "fix" + "me:", "Lorem ip" + "sum dolor"])
    def test_mark_would_be_seen(self, text):
        assert MARKS.search(text)


class TestEnvironment:
    @staticmethod
    def read() -> set[str]:
        source = (ROOT / "trajectoire" / "settings.py").read_text("utf-8")
        return set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))

    @staticmethod
    def documented() -> set[str]:
        return set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "environment.md").read_text("utf-8"), re.M))

    def test_each_variable_is_documented(self):
        assert self.read() - self.documented() == set()
        assert len(self.read()) >= 14

    def test_each_documented_variable_is_read(self):
        assert self.documented() - self.read() == set()

    def test_code_reads_the_environment_in_one_place(self):
        reading = [
            str(path.relative_to(ROOT))
            for app in APPS
            for path in (ROOT / app).rglob("*.py")
            if re.search(r"os\.(?:environ|getenv)|environ\.Env\(", path.read_text("utf-8"))
        ]
        # The reader's child is given a bare environment; wsgi and asgi name the settings.
        assert set(reading) <= {
            "trajectoire/settings.py",
            "trajectoire/wsgi.py",
            "trajectoire/asgi.py",
            "resources/reading/sandbox.py",
        }


class TestProject:
    def test_layers_are_a_contract(self):
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
        [contract] = [c for c in project["tool"]["importlinter"]["contracts"] if c["type"] == "layers"]
        assert contract["layers"][-4:] == ["vrl", "resources", "network", "trajectoire.core"]
        assert not contract.get("ignore_imports")

    def test_nothing_imports_upwards(self):
        order = ["trajectoire.core", "network", "resources", "vrl"]
        wrong = []
        for level, app in enumerate(order):
            above = [*order[level + 1 :], "trajectoire.views", "trajectoire.urls", "trajectoire.results", "trajectoire.sitemaps"]
            for path in (ROOT / app.replace(".", "/")).rglob("*.py"):
                wrong += [
                    f"{path.name}: {name}"
                    for name in imported(path)
                    if any(name == up or name.startswith(f"{up}.") for up in above)
                ]
        assert wrong == []

    @pytest.mark.django_db
    def test_migrations_are_complete(self):
        out = io.StringIO()
        call_command("makemigrations", check=True, dry_run=True, stdout=out)
        assert "No changes" in out.getvalue()

    def test_each_app_has_one_last_migration(self):
        assert MigrationLoader(None).detect_conflicts() == {}

    def test_no_forbidden_module_names(self):
        names = {path.name for path in python_files() if path.relative_to(ROOT).parts[0] in APPS}
        assert names & {"services.py", "utils.py", "helpers.py", "signals.py"} == set()

    def test_nothing_of_a_machine_is_written(self):
        home = re.compile(r"/(?:home|Users|root|work)/\w+")
        files = [path for path in tracked("*.py", "*.md", "*.toml", "*.html") if path.relative_to(ROOT).parts[0] != "tests"]
        assert [str(path.relative_to(ROOT)) for path in files if home.search(path.read_text("utf-8"))] == []

    def test_form_in_a_component_receives_its_token(self):
        """« only » keeps the token from it: the form would be refused to who has no script."""
        with_form = [
            path.relative_to(TEMPLATES).as_posix()
            for path in TEMPLATES.rglob("*.html")
            if "{% csrf_token %}" in path.read_text("utf-8")
        ]
        tags = [
            tag for path in TEMPLATES.rglob("*.html") for tag in re.findall(r"{% include [^%]+ only %}", path.read_text("utf-8"))
        ]
        assert [tag for tag in tags if any(f'"{name}"' in tag for name in with_form) and "csrf_token=csrf_token" not in tag] == []
        assert any("csrf_token=csrf_token" in tag for tag in tags)

    def test_files_are_found(self):
        assert len(tracked("*.py")) > 100


def imported(path: Path) -> list[str]:
    """Names of the modules that a file imports, type checking left out."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found
