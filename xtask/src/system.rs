//! The system packages that the tests need, and how to get them.

use std::path::Path;

use anyhow::bail;

use crate::shell;

/// A program from outside Rust that must be there before the tests run.
#[derive(Debug, PartialEq)]
struct SystemPackage {
    /// Any one of these will do.
    programs: &'static [&'static str],
    needed_for: &'static str,
    /// The package's name on Debian and Ubuntu.
    apt: &'static str,
}

/// Everything the tests need besides Rust. A new need is a new row.
///
/// On Linux Rust itself links with `cc`, so this row speaks up only where another linker is set.
/// Windows is not looked at: there the C compiler is part of what Rust itself needs, and is not
/// found by name.
const NEEDED: &[SystemPackage] = &[
    SystemPackage {
        programs: &["cc"],
        needed_for: "a C compiler, which builds aws-lc",
        apt: "build-essential",
    },
    SystemPackage {
        programs: &["node"],
        needed_for: "Node.js, which runs the request samples and the browser's tests",
        apt: "nodejs",
    },
    SystemPackage {
        programs: &["npm"],
        needed_for: "npm, which gets what drives the browser",
        apt: "npm",
    },
    SystemPackage {
        programs: &["chromium"],
        needed_for: "Chromium, which walks through the pages",
        apt: "chromium",
    },
    SystemPackage {
        programs: &["python3"],
        needed_for: "Python, which runs its request sample and the Flask programs",
        apt: "python3 python3-venv",
    },
    SystemPackage {
        programs: &["curl"],
        needed_for: "curl, which runs its request sample",
        apt: "curl",
    },
    SystemPackage {
        programs: &["go"],
        needed_for: "Go, which runs its request sample",
        apt: "golang-go",
    },
    SystemPackage {
        programs: &["java"],
        needed_for: "Java, which runs its request sample",
        apt: "default-jdk-headless",
    },
    SystemPackage {
        programs: &["mvn"],
        needed_for: "Maven, which gets Keycloak, an issuer that the tests ask for tokens",
        apt: "maven",
    },
    SystemPackage {
        programs: &["php"],
        needed_for: "PHP, which runs its request sample",
        apt: "php-cli",
    },
    SystemPackage {
        programs: &["ruby"],
        needed_for: "Ruby, which runs its request sample",
        apt: "ruby",
    },
    // Mono's compiler comes without the library that calls over HTTP.
    SystemPackage {
        programs: &["mcs"],
        needed_for: "Mono, which runs the request sample in C#",
        apt: "mono-mcs mono-runtime libmono-system-net-http4.0-cil",
    },
];

#[derive(Debug, PartialEq)]
enum Remedy {
    Nothing,
    /// We may and can install these ourselves.
    Install(Vec<&'static str>),
    /// Only the person at the terminal can; this tells how.
    Tell(String),
}

/// Makes sure that every needed system package is there.
///
/// Installs what is missing when run as root on Debian or Ubuntu. Anywhere else it fails and
/// names the package and the command: tests are never skipped for want of a package.
pub(crate) fn ensure() -> anyhow::Result<()> {
    match remedy(&missing(), is_root(), Path::new("/etc/debian_version").exists()) {
        Remedy::Nothing => Ok(()),
        Remedy::Tell(what) => bail!(what),
        Remedy::Install(packages) => {
            shell::say(&format!("system packages are missing: {}", packages.join(", ")));
            shell::run(&mut shell::program("apt-get", "update"))?;
            let install = format!("install --yes --no-install-recommends {}", packages.join(" "));
            shell::run(
                shell::program("apt-get", &install).env("DEBIAN_FRONTEND", "noninteractive"),
            )?;
            match missing().first() {
                None => Ok(()),
                Some(still) => bail!("{} was installed, yet no {}", still.apt, still.needed_for),
            }
        }
    }
}

fn missing() -> Vec<&'static SystemPackage> {
    let lacks = |package: &&SystemPackage| !package.programs.iter().any(|p| shell::exists(p));
    if cfg!(windows) { Vec::new() } else { NEEDED.iter().filter(lacks).collect() }
}

fn is_root() -> bool {
    shell::capture(&mut shell::program("id", "-u")).is_ok_and(|id| id.trim() == "0")
}

fn remedy(missing: &[&'static SystemPackage], root: bool, debian: bool) -> Remedy {
    if missing.is_empty() {
        return Remedy::Nothing;
    }
    let packages: Vec<_> = missing.iter().map(|package| package.apt).collect();
    if root && debian {
        return Remedy::Install(packages);
    }
    let mut text = String::from("the tests need more of this system:");
    for package in missing {
        let programs = package.programs.join(", ");
        text.push_str(&format!("\n  {} (none of: {programs})", package.needed_for));
    }
    let command = format!("apt-get install {}", packages.join(" "));
    let hint = if debian { "as root, run" } else { "install what Debian gets with" };
    text.push_str(&format!("\nhint: {hint} `{command}`"));
    Remedy::Tell(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiler() -> Vec<&'static SystemPackage> {
        NEEDED.iter().filter(|package| package.apt == "build-essential").collect()
    }

    #[test]
    fn nothing_missing_needs_nothing() {
        assert_eq!(remedy(&[], true, true), Remedy::Nothing);
    }

    #[test]
    fn root_on_debian_installs() {
        assert_eq!(remedy(&compiler(), true, true), Remedy::Install(vec!["build-essential"]));
    }

    #[test]
    fn others_are_told_the_package_and_the_command() {
        for (root, debian) in [(false, true), (true, false), (false, false)] {
            let Remedy::Tell(text) = remedy(&compiler(), root, debian) else { panic!("must tell") };
            assert!(text.contains("a C compiler"), "{text}");
            assert!(text.contains("apt-get install build-essential"), "{text}");
        }
    }
}
