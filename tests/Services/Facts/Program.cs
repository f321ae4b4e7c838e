using ShutdownAnalyzers.Facts;

var scenario = typeof(IScenario).Assembly.GetTypes().SingleOrDefault(type => type.Name == args.FirstOrDefault() && type.IsAssignableTo(typeof(IScenario)))
    ?? throw new ArgumentException("Name a scenario: the name of a class that implements IScenario.");
await ((IScenario)Activator.CreateInstance(scenario)!).RunAsync(args[1..]);
