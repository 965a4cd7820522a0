# Reference values by R's survey package (Lumley). Called by make.py: Rscript survey.R FOLDER
#
# postings.csv: dataset, posting, employer, group, later, w, a, b, c (1 = asks for skill a, b, c).
# A posting without an employer has an id of its own already. See README.md for what each estimate is.
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "fail", digits = 17)
folder <- commandArgs(TRUE)[1]
postings <- read.csv(file.path(folder, "postings.csv"))
employment <- read.csv(file.path(folder, "employment.csv"))
skills <- c("a", "b", "c")
rows <- list()
# t quantiles and confidence limits with df = clusters - 1
note <- function(dataset, estimate, skill, object, df, value = as.numeric(coef(object)), se = as.numeric(SE(object)), deff = NA) {
  rows[[length(rows) + 1]] <<- data.frame(dataset, estimate, skill, value, se, deff, df)
}
for (name in unique(postings$dataset)) {
  d <- subset(postings, dataset == name)
  df <- length(unique(d$employer)) - 1
  design <- svydesign(ids = ~employer, weights = ~1, data = transform(d, one = 1))
  weighted <- svydesign(ids = ~employer, weights = ~w, data = d)
  margin <- subset(employment, group %in% d$group)
  margin$Freq <- margin$persons / sum(margin$persons) * nrow(d)
  post <- postStratify(design, ~group, margin[, c("group", "Freq")])
  for (s in skills) {
    f <- as.formula(paste0("~", s))
    # 1 unweighted share, clustered; deff = variance against simple random sampling with replacement, p (1 - p) / (n - 1)
    m <- svymean(f, design, deff = "replace")
    note(name, "share", s, m, df, deff = as.numeric(deff(m)))
    # 2 share with fixed weights w, clustered
    m <- svymean(f, weighted, deff = "replace")
    note(name, "fixed_weights", s, m, df, deff = as.numeric(deff(m)))
    # 3 post-stratified share: linearised, residuals from group means
    m <- svymean(f, post)
    note(name, "post_stratified", s, m, df)
    # 3b the same by delete-one-cluster jackknife, re-post-stratified in every replicate
    jack <- postStratify(as.svrepdesign(design, type = "JK1", mse = TRUE), ~group, margin[, c("group", "Freq")])
    note(name, "post_stratified_jackknife", s, svymean(f, jack), df)
    # 4 interval of the unweighted share on the logit and beta (Korn-Graubard) scales
    if (mean(d[[s]]) > 0 && mean(d[[s]]) < 1) for (method in c("logit", "beta")) {
      limits <- as.numeric(attr(svyciprop(f, design, method = method), "ci"))
      note(name, paste0("share_", method, "_low"), s, NULL, df, value = limits[1], se = NA)
      note(name, paste0("share_", method, "_high"), s, NULL, df, value = limits[2], se = NA)
    }
    # 5 growth: ln(later share / earlier share), employers shared by both halves
    x <- d[[s]]
    full <- transform(d, x1 = x * later, n1 = later, x0 = x * (1 - later), n0 = 1 - later)
    if (sum(full$x1) > 0 && sum(full$x0) > 0) {
      totals <- svytotal(~x1 + n1 + x0 + n0, svydesign(ids = ~employer, weights = ~1, data = full))
      note(name, "log_ratio_halves", s, svycontrast(totals, quote(log(x1 / n1 / (x0 / n0)))), df)
      # the same after post-stratifying each half to the official mix of groups
      full$cell <- full$group * 10 + full$later
      halves <- aggregate(full$later, list(later = full$later), length)
      cells <- merge(unique(full[, c("cell", "group", "later")]), margin[, c("group", "persons")])
      cells <- merge(cells, halves)
      sums <- tapply(cells$persons, cells$later, sum)
      cells$Freq <- cells$persons / sums[as.character(cells$later)] * cells$x
      each <- postStratify(svydesign(ids = ~employer, weights = ~1, data = full), ~cell, cells[, c("cell", "Freq")])
      totals <- svytotal(~x1 + n1 + x0 + n0, each)
      note(name, "log_ratio_halves_post_stratified", s, svycontrast(totals, quote(log(x1 / n1 / (x0 / n0)))), df)
    }
    # 6 ln RCA of the skill in group 2: against all postings (RCA), and against the rest
    own <- transform(d, xj = x * (group == 2), nj = 1 * (group == 2), xa = x, na = 1, xr = x * (group != 2), nr = 1 * (group != 2))
    if (sum(own$xj) > 0 && sum(own$xr) > 0) {
      totals <- svytotal(~xj + nj + xa + na + xr + nr, svydesign(ids = ~employer, weights = ~1, data = own))
      note(name, "log_rca_against_all", s, svycontrast(totals, quote(log(xj / nj / (xa / na)))), df)
      note(name, "log_rca_against_rest", s, svycontrast(totals, quote(log(xj / nj / (xr / nr)))), df)
    }
  }
  # 7 difference of two skills' shares in the same postings
  m <- svymean(~a + b, design)
  note(name, "share_a_minus_b", "a", svycontrast(m, c(a = 1, b = -1)), df)
}
all <- do.call(rbind, rows)
for (column in c("value", "se", "deff")) all[[column]] <- ifelse(is.na(all[[column]]), "", sprintf("%.17g", all[[column]]))
write.csv(all, file.path(folder, "survey.csv"), row.names = FALSE, quote = FALSE, eol = "\n")
cat(R.version.string, "; survey", as.character(packageVersion("survey")), "\n")
