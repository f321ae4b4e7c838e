using ShutdownAnalyzers.Shop;

switch (args.FirstOrDefault())
{
    case "minimal": MinimalShop.Run(args); break;
    case "startup": StartupShop.Run(args); break;
    case "webhost": WebHostShop.Run(args); break;
    case "stock": StockShop.Run(args); break;
    case "exit": ExitShop.Run(args); break;
    case "stopping-delay": StoppingDelayShop.Run(args); break;
    case "lifetime": LifetimeShop.Run(args); break;
    case "registered-twice": RegisteredTwiceShop.Run(args); break;
    default: throw new ArgumentException("Name the form of host: minimal, startup, webhost, stock, exit, stopping-delay, lifetime or registered-twice.");
}
