using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Atm0s.Sip.Fuzz;
using Atm0s.Sip.Fuzz.Driver;
using SharpFuzz;

// list                      the targets
// seeds TARGET FOLDER       writes the seeds of a target
// dictionary FILE           writes what messages are made of, in AFL's form
// afl TARGET                what afl-fuzz starts
// run TARGET SECONDS [SEED] mutated inputs in this process, without coverage
// replay TARGET FILE...     plays files
LetTraceWrite();
return args switch
{
    ["list"] => List(),
    ["seeds", var name, var folder] => WriteSeeds(FuzzTargets.Create(name), folder),
    ["dictionary", var file] => WriteDictionary(file),
    ["afl", var name] => Afl(FuzzTargets.Create(name)),
    ["run", var name, var seconds] => Run(FuzzTargets.Create(name), seconds, Environment.TickCount),
    ["run", var name, var seconds, var seed] => Run(FuzzTargets.Create(name), seconds, int.Parse(seed, CultureInfo.InvariantCulture)),
    ["replay", var name, .. var files] => Replay(FuzzTargets.Create(name), files),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        "list | seeds TARGET FOLDER | dictionary FILE | afl TARGET | run TARGET SECONDS [SEED] | replay TARGET FILE...");
    return 2;
}

static int List()
{
    foreach (var target in FuzzTargets.Create())
        Console.WriteLine(target.Name);
    return 0;
}

static int WriteSeeds(FuzzTarget target, string folder)
{
    Directory.CreateDirectory(folder);
    var count = 0;
    foreach (var seed in target.Seeds())
        File.WriteAllBytes(Path.Combine(folder, $"seed{count++:d4}"), seed);
    return 0;
}

static int WriteDictionary(string file)
{
    File.WriteAllLines(file, InputMutator.Pieces.Select(piece => $"\"{string.Concat(piece.Select(b => $"\\x{b:x2}"))}\""));
    return 0;
}

static int Afl(FuzzTarget target)
{
    // Compiled before the clock runs: the first pass through the code would look like a hang.
    foreach (var seed in target.Seeds())
        target.Run(seed);
    // The time is taken here: that of AFL would count the start of the process, too.
    using var watchdog = new Watchdog(FuzzRun.HangLimit, static _ => Environment.FailFast("An input hangs."));
    // In a process of its own: one that fails is started anew, and must not take what talks to AFL with it.
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        var input = copy.ToArray();
        watchdog.Begin(input);
        target.Run(input);
        watchdog.End();
    });
    return 0;
}

// What is instrumented writes to memory that afl-fuzz gives later; until then it needs some of its own.
static unsafe void LetTraceWrite()
{
    var trace = typeof(Fuzzer).Assembly.GetReferencedAssemblies()
        .Select(Assembly.Load).Append(typeof(Fuzzer).Assembly)
        .Select(assembly => assembly.GetType("SharpFuzz.Common.Trace")).First(type => type is not null)!;
    trace.GetField("SharedMem")!.SetValue(null, Pointer.Box(NativeMemory.AllocZeroed(1 << 16), typeof(byte*)));
}

static int Run(FuzzTarget target, string seconds, int seed)
{
    var limit = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
    var clock = Stopwatch.StartNew();
    var run = new FuzzRun(target, seed);
    using var watchdog = new Watchdog(FuzzRun.HangLimit, input =>
    {
        Save(target, input, "hang");
        Environment.FailFast($"{target.Name}: an input takes longer than {FuzzRun.HangLimit}.");
    });
    var isRight = run.Run(_ => clock.Elapsed > limit, watchdog);
    Console.WriteLine($"{target.Name}: {run.Played} inputs in {clock.Elapsed.TotalSeconds:f0} s, seed {seed}");
    if (isRight)
        return 0;
    Save(target, run.Failing!, "crash");
    Console.Error.WriteLine(run.Failure);
    return 1;
}

static void Save(FuzzTarget target, byte[] input, string kind)
{
    var path = Path.GetFullPath(
        $"{target.Name}-{kind}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(input)[..4])}");
    File.WriteAllBytes(path, input);
    Console.Error.WriteLine($"The input is in {path}.");
}

// Three times: the first may be compiling, and the machine may be busy.
static int Replay(FuzzTarget target, string[] files)
{
    var isRight = true;
    foreach (var file in files)
    {
        var input = File.ReadAllBytes(file);
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var clock = Stopwatch.StartNew();
            target.Run(input);
            best = clock.Elapsed < best ? clock.Elapsed : best;
        }

        Console.WriteLine($"{file}: {best.TotalMilliseconds:f1} ms");
        isRight &= best < FuzzRun.HangLimit;
    }

    return isRight ? 0 : 1;
}
