"""How the notebooks' charts look: one theme, a title that says the finding, a caption with n."""

from textwrap import wrap

import altair as alt

BLUE, ORANGE, GREY, PALE, INK = "#1f5a8c", "#b5400a", "#6b7680", "#d5dbe1", "#1c2329"
WIDTH = 560


@alt.theme.register("skillgap", enable=True)
def theme():
    """Plain, wide enough to read, no frame."""
    text = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelColor": INK, "titleColor": INK}
    return alt.theme.ThemeConfig(
        {
            "config": {
                "font": "Helvetica, Arial, sans-serif",
                "view": {"continuousWidth": WIDTH, "stroke": None},
                "axis": {
                    **text,
                    "gridColor": "#e8ecef",
                    "domainColor": GREY,
                    "tickColor": GREY,
                    "labelLimit": 260,
                    "labelFlush": False,
                },
                "axisY": {"ticks": False, "domain": False, "labelPadding": 7},
                "legend": {**text, "orient": "top", "symbolSize": 90, "labelLimit": 320},
                "header": {"labelFontSize": 12, "labelFontWeight": "bold", "labelColor": INK, "titleColor": INK},
                "title": {
                    "anchor": "start",
                    "fontSize": 15,
                    "color": INK,
                    "offset": 14,
                    "frame": "bounds",
                    "subtitleFontSize": 12,
                    "subtitleColor": GREY,
                    "subtitlePadding": 6,
                },
                "text": {"color": INK, "fontSize": 12},
            }
        }
    )


# Drawn on the spot (vl-convert-python), so that nothing is fetched from a network.
alt.renderers.enable("svg")


def say(chart, finding, *caption, letters=78):
    """The chart under its finding, with what it rests on below the title and as its description."""
    notes = [line for note in caption if note for line in wrap(note, letters * 4 // 3)]
    title = alt.TitleParams(text=wrap(finding, letters), subtitle=notes)
    return chart.properties(title=title, description=" ".join([finding, *notes]))


def intervals(data, y, estimate, low, high, title, **channels):
    """Estimates as points on their 95 % intervals; `shape` among the channels is the points' alone."""
    line = {name: channel for name, channel in channels.items() if name != "shape"}
    base = alt.Chart(data)
    whiskers = base.mark_rule(strokeWidth=2.5).encode(y=y, x=alt.X(low, title=title), x2=high, **line)
    points = base.mark_point(filled=True, size=75, opacity=1).encode(
        y=y, x=(estimate if isinstance(estimate, alt.X) else alt.X(estimate)).title(title), **channels
    )
    return whiskers + points
