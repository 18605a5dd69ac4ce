"""A small town for tests of heat: streets, houses, trees, stops, a playground and a school."""

from made_osm import MadeOsm

PLACE = (52.0, 13.0)  # latitude and longitude of 0, 0; its clocks are Berlin's


def made_town():
    """Lay out two stops, one beneath a roof, and a playground with a house south of it."""
    made = MadeOsm(*PLACE).streets(n=5)
    for x in (-110.0, -50.0, 10.0, 70.0):
        made.box(x, 10.0, x + 30.0, 30.0, building="yes", height="15")
    made.node(5.0, -3.0, highway="bus_stop", name="=Markt", shelter="yes", bench="yes")
    made.node(64.0, 3.0, highway="bus_stop", name="Nord", shelter="no")
    made.box(15.0, 35.0, 35.0, 50.0, leisure="playground", name="Spielplatz")
    made.box(70.0, -55.0, 95.0, -35.0, amenity="school", name="Schule am Ring")
    for x in (20.0, 30.0):
        made.node(x, -20.0, natural="tree", height="12")
    return made
