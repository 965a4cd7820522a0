//! `skillgap train` as a user meets it: vectors and weights made, used, and refused.

use crate::support::{expect, gunzip, root, run, small_world, stderr, stdout};
use std::path::Path;

/// A taxonomy of one made-up trade, with a folder to work in.
struct World {
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let taxonomy = folder.path().join("taxonomy");
        std::fs::create_dir(&taxonomy).unwrap();
        let mut skills = "id,kind,reuse,description,broader,green,digital\n".to_owned();
        let mut labels = "skill,text,lang,kind\n".to_owned();
        for (id, english, spanish) in SKILLS {
            skills.push_str(&format!("{id},skill,cross-sector,,,,\n"));
            labels.push_str(&format!("{id},{english},en,preferred\n{id},{spanish},es,preferred\n"));
        }
        std::fs::write(taxonomy.join("skills.csv"), skills).unwrap();
        std::fs::write(taxonomy.join("skill_labels.csv"), labels).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name)
    }
}
