namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>Goes through a run visitor by visitor and hands their clicks on to a new order.</summary>
internal sealed class RunReader
{
    private readonly ClickRun _run;

    // First clicks of the visitors and profiles that are read, each followed by where the last one's clicks end.
    private readonly int[] _visitorStarts;
    private readonly int[] _profileStarts;
    private readonly int _firstVisitor;
    private readonly int _firstProfile;

    private readonly int _clickOffset;
    private readonly int _profileOffset;

    // Places in the starts: of the current visitor, and of the next of that visitor's profiles.
    private int _visitor;
    private int _profile;

    /// <param name="run">The run.</param>
    /// <param name="visitors">Which of its visitors are read.</param>
    /// <param name="number">Which of several readers it is.</param>
    /// <param name="clickOffset">What the new order adds to the run's click numbers.</param>
    /// <param name="profileOffset">What the new order adds to the run's profile numbers.</param>
    public RunReader(ClickRun run, Range visitors, int number = 0, int clickOffset = 0, int profileOffset = 0)
    {
        _run = run;
        Number = number;
        _firstVisitor = visitors.Start.Value;
        _visitorStarts = run.VisitorStarts.ClicksOf(_firstVisitor, visitors.End.Value);
        _firstProfile = run.ProfileStarts.CountBefore(_visitorStarts[0]);
        _profileStarts = run.ProfileStarts.ClicksOf(_firstProfile, run.ProfileStarts.CountBefore(_visitorStarts[^1]));
        _clickOffset = clickOffset;
        _profileOffset = profileOffset;
    }

    public int Number { get; }

    public bool AtEnd => _visitor == _visitorStarts.Length - 1;

    public long Visitor => _run.Visitors[_firstVisitor + _visitor];

    /// <summary>Number in the run of the current visitor's next profile.</summary>
    private int Profile => _firstProfile + _profile;

    /// <summary>Whether the current visitor has a profile left.</summary>
    public bool HasProfile => _profileStarts[_profile] < _visitorStarts[_visitor + 1];

    /// <summary>Which reader's visitor comes first; 0 if both are at the same. A reader at its end comes last.</summary>
    public static int Compare(RunReader left, RunReader right) =>
        left.AtEnd || right.AtEnd ? left.AtEnd.CompareTo(right.AtEnd) : left.Visitor.CompareTo(right.Visitor);

    public void AddVisitorTo(RunOrder order)
    {
        order.StartVisitor(Visitor);
        while (HasProfile)
        {
            AddProfileTo(order);
        }

        _visitor++;
    }

    /// <summary>Adds those of the visitor's clicks that are to be kept. A visitor or profile without any does not appear.</summary>
    public void AddVisitorTo(RunOrder order, Func<int, bool> keep)
    {
        var visitorStarted = false;
        for (; HasProfile; _profile++)
        {
            var profileStarted = false;
            for (var click = _profileStarts[_profile]; click < _profileStarts[_profile + 1]; click++)
            {
                if (!keep(click))
                {
                    continue;
                }

                if (!visitorStarted)
                {
                    order.StartVisitor(Visitor);
                    visitorStarted = true;
                }

                if (!profileStarted)
                {
                    order.StartProfile(_profileOffset + Profile);
                    profileStarted = true;
                }

                order.Add(_clickOffset + click, 1);
            }
        }

        _visitor++;
    }

    public void SkipVisitor()
    {
        while (HasProfile)
        {
            _profile++;
        }

        _visitor++;
    }

    /// <summary>Which of the two readers' next profiles comes first.</summary>
    public int CompareProfile(RunReader other) => ClickRun.CompareProfiles(_run.Table, Profile, other._run.Table, other.Profile);

    public void StartProfileIn(RunOrder order) => order.StartProfile(_profileOffset + Profile);

    public void AddProfileTo(RunOrder order)
    {
        var (start, end) = (_profileStarts[_profile], _profileStarts[_profile + 1]);
        StartProfileIn(order);
        order.Add(_clickOffset + start, end - start);
        _profile++;
    }

    /// <summary>Tells the clicks of the next profile, as an order numbers them, and goes on behind it.</summary>
    public void TakeProfile(List<long> times, List<int> clicks)
    {
        for (var click = _profileStarts[_profile]; click < _profileStarts[_profile + 1]; click++)
        {
            times.Add(_run.Table.Times[click]);
            clicks.Add(_clickOffset + click);
        }

        _profile++;
    }

    /// <summary>Goes on to the next visitor, after all profiles of this one.</summary>
    public void EndVisitor() => _visitor++;
}
