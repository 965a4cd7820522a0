//! Fits whether a text asks for anything: logistic regression on its vector, asking and idle texts weighing the same.

use super::ranking::{FOLDS, GoldText};
use super::texts::OwnTexts;
use crate::lexicon::Lexicon;
use crate::lexicon::asking::IdleWeights;
use crate::types::Lang;
use rayon::prelude::*;

const STEPS: usize = 600;
const RATE: f32 = 8.0;
const SHRINKAGE: f32 = 0.001;

/// Vectors of texts, and whether each asks for something.
pub(super) struct Asking {
    rows: Vec<(Vec<f32>, bool)>,
    /// Fold of each row that belongs to a gold text, in their order; idle sentences of our own follow and have none.
    folds: Vec<usize>,
}

impl Asking {
    pub(super) fn new(lexicon: &Lexicon, texts: &[GoldText], own: &OwnTexts) -> Self {
        let vector = |text: &str, lang: Lang| lexicon.vectors.text(text, lang);
        let mut rows: Vec<(Vec<f32>, bool)> = texts.par_iter().map(|t| (vector(&t.text, t.lang), t.asks())).collect();
        rows.extend(own.idle.iter().map(|(lang, _, text)| (vector(text, *lang), false)));
        Self { rows, folds: texts.iter().map(GoldText::fold).collect() }
    }

    /// Weights of all texts.
    pub(super) fn weights(&self) -> IdleWeights {
        self.fit(None)
    }

    /// Log odds of every gold text, by weights that were fitted without it.
    pub(super) fn held_out(&self) -> Vec<f32> {
        let by_fold: Vec<IdleWeights> = (0..FOLDS).into_par_iter().map(|fold| self.fit(Some(fold))).collect();
        let rows = self.rows.iter().zip(&self.folds);
        rows.map(|((vector, _), fold)| by_fold.get(*fold).map_or(0.0, |w| w.log_odds(vector))).collect()
    }

    fn fit(&self, without: Option<usize>) -> IdleWeights {
        let kept = |at: usize| without.is_none_or(|fold| self.folds.get(at) != Some(&fold));
        let rows: Vec<&(Vec<f32>, bool)> =
            self.rows.iter().enumerate().filter(|(at, _)| kept(*at)).map(|x| x.1).collect();
        let asking = rows.iter().filter(|r| r.1).count().max(1) as f32;
        let idle = (rows.len() as f32 - asking).max(1.0);
        let mut fitted = IdleWeights { bias: 0.0, vector: vec![0.0; rows.first().map_or(0, |r| r.0.len())] };
        for step in 0..STEPS {
            let (mut bias, mut gradient) = (0.0, vec![0f32; fitted.vector.len()]);
            for (vector, asks) in &rows {
                let p = 1.0 / (1.0 + (-fitted.log_odds(vector)).exp());
                let excess = if *asks { p / asking } else { (p - 1.0) / idle };
                bias += excess;
                gradient.iter_mut().zip(vector).for_each(|(g, x)| *g += excess * x);
            }
            let rate = RATE / (1.0 + step as f32 / 200.0);
            fitted.bias -= rate * bias;
            fitted.vector.iter_mut().zip(gradient).for_each(|(w, g)| *w -= rate * (g + SHRINKAGE * *w));
        }
        fitted
    }
}
