"""The same state, stated for stead and for every peer: COUNT small files with a content and a mode.

The contents and names are those of `floor/src/main.rs`, so that every tool can check what another one made.
"""

from pathlib import Path


def name(number):
    return f"f{number:06}"


def content(number):
    return f"This is file {number}, which somebody wants to be exactly like this."


def mcl(folder, count):
    """A resource statement for each file."""
    files = (
        f'file "{folder}/{name(number)}" {{\n\tstate => "exists",\n\tcontent => "{content(number)}\\n",\n\tmode => "0644",\n}}\n'
        for number in range(count)
    )
    return "".join(files)


def mcl_with_clock(folder, count):
    """The same, but one file follows the clock."""
    clock = (
        'import "datetime"\nimport "fmt"\n\n'
        f'file "{folder}/clock" {{\n\tstate => "exists",\n\tcontent => fmt.printf("%d\\n", datetime.now()),\n}}\n'
    )
    return clock + mcl(folder, count - 1)


def mcl_related(count):
    """Folders with files in them, and packages: many automatic edges and one large group."""
    parts = []
    for number in range(count):
        match number % 20:
            case 0:
                parts.append(f'file "/srv/d{number // 20:05}/" {{\n\tstate => "exists",\n}}\n')
            case 1:
                parts.append(f'pkg "package-{number}" {{\n\tstate => "installed",\n}}\n')
            case _:
                parts.append(f'file "/srv/d{number // 20:05}/{name(number)}" {{\n\tstate => "exists",\n\tcontent => "{number}\\n",\n}}\n')
    return "".join(parts)


def cfengine(folder, count):
    promises = (
        f'    "{folder}/{name(number)}" create => "true", content => "{content(number)}$(const.n)", perms => mode_644;\n'
        for number in range(count)
    )
    return (
        "body common control\n{\n  bundlesequence => { \"main\" };\n}\n\n"
        'body perms mode_644\n{\n  mode => "644";\n  rxdirs => "false";\n}\n\n'
        "bundle agent main\n{\n  files:\n" + "".join(promises) + "}\n"
    )


def puppet(folder, count):
    resources = (
        f"file {{ '{folder}/{name(number)}': ensure => file, content => \"{content(number)}\\n\", mode => '0644' }}\n"
        for number in range(count)
    )
    return "".join(resources)


def shell(folder, count):
    """What somebody would write by hand: look, and replace where it differs."""
    head = (
        "keep() {\n"
        '\tif [ "$(cat "$1" 2>/dev/null)" != "$2" ]; then\n'
        '\t\tprintf \'%s\\n\' "$2" > "$1.new" && sync "$1.new" && mv "$1.new" "$1"\n'
        "\tfi\n"
        '\tif [ "$(stat -c %a "$1")" != 644 ]; then chmod 644 "$1"; fi\n'
        "}\n"
    )
    return head + "".join(f"keep '{folder}/{name(number)}' '{content(number)}'\n" for number in range(count))


def write(path, text):
    Path(path).write_text(text, encoding="utf-8")
    # Some peers refuse to read what others could change.
    Path(path).chmod(0o600)
    return path
